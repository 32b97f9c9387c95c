using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>Which names a place can hold beside each other. Where it takes any bytes and tells upper from lower case, nothing is asked.</summary>
internal sealed class PlaceNames(IFolder place)
{
    private static readonly EntryPath Trial = MirrorLayout.Staging.Child("names"u8);

    private readonly bool _anyNames = place.Traits.AnyNames;

    // Hashes of the paths of this run, as the place compares them and as they are spelled.
    private readonly ConcurrentDictionary<ulong, ulong> _spellings = new();
    private readonly HashSet<ulong> _removed = [];
    private bool _mayTry;

    /// <summary>True when names that differ in upper and lower case only are two names.</summary>
    public bool IsCaseSensitive { get; } = TellsCase(place);

    /// <summary>Claims a path, and the folders above it, in this spelling. From several threads.</summary>
    /// <exception cref="NotHeldException">Another path of this run is the same one to the place.</exception>
    public void Claim(EntryPath path)
    {
        if (IsCaseSensitive || path.IsRoot)
            return;
        var spelled = Hash(path.Bytes);
        var claimed = _spellings.TryGetValue(Folded(path), out var first);
        if (!claimed)
        {
            Claim(path.Parent);
            first = _spellings.GetOrAdd(Folded(path), spelled);
        }
        if (first != spelled)
            throw Collides();
    }

    /// <summary>Takes note that a path goes away, so that another spelling of it may come. In path order, as all that follows.</summary>
    public void Free(EntryPath path)
    {
        if (!IsCaseSensitive)
            _removed.Add(Folded(path));
    }

    /// <summary>For a path that is new in <paramref name="mirror"/>.</summary>
    /// <exception cref="NotHeldException">The place cannot hold its name, or has it under another spelling.</exception>
    public void Require(EntryPath path, IFolder mirror)
    {
        Claim(path);
        if (!IsCaseSensitive && !_removed.Contains(Folded(path)) && mirror.TryStat(path) is not null)
            throw Collides();
        if (!_anyNames)
            Try(path);
    }

    /// <summary>True when the folder lists the name in just this spelling.</summary>
    public bool IsSpelled(IFolder folder, EntryPath path)
    {
        if (IsCaseSensitive)
            return true;
        using var parent = folder.OpenFolder(path.Parent);
        return IsListed(parent, path.Name);
    }

    public static NotHeldException Collides() => new("another path differs from it in upper and lower case only, and the place makes no difference");

    /// <summary>The name is first used when everything is durable, too late to find out that it cannot be.</summary>
    private void Try(EntryPath path)
    {
        if (!_mayTry)
            FolderTree.Ensure(place, Trial, MirrorLayout.FolderMode);
        _mayTry = true;
        var name = Trial.Child(path.Name);
        Unholdable.InItsFolder(() => place.CreateFolder(name, MirrorLayout.FolderMode));
        place.RemoveFolder(name);
    }

    /// <summary>Inode numbers do not tell: FUSE gives one for each spelling.</summary>
    private static bool TellsCase(IFolder place)
    {
        var shouted = EntryPath.From(Encoding.ASCII.GetString(PlaceMarker.Folder.Bytes).ToUpperInvariant());
        return place.TryStat(shouted) is null || IsListed(place, shouted.Name);
    }

    private static bool IsListed(IFolder folder, ReadOnlySpan<byte> name)
    {
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
            if (listing[i].SequenceEqual(name))
                return true;
        return false;
    }

    private static ulong Folded(EntryPath path) =>
        Utf8.IsValid(path.Bytes) ? Hash(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(path.Bytes).ToUpperInvariant())) : Hash(path.Bytes);

    private static ulong Hash(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes));
}
