using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>Contents that an interrupted run left behind and that are known to be durable, for this run to take over.</summary>
internal sealed class Leftovers : IDisposable
{
    private readonly IFolder? _place, _folder;
    private readonly Lock _taking = new();
    private readonly Dictionary<EntryPath, Leftover> _byPath;

    private sealed record Leftover(EntryPath Location, long Size, Timestamp Modified, Timestamp Changed, ulong Device, ulong Inode, ContentId Content);

    private Leftovers(IFolder? place, IFolder? folder, Dictionary<EntryPath, Leftover> byPath)
    {
        _place = place;
        _folder = folder;
        _byPath = byPath;
    }

    public static Leftovers None { get; } = new(null, null, []);

    /// <summary>How many there are.</summary>
    public int Count => _byPath.Count;

    /// <summary>Reads the notes of an interrupted run, whose objects lie in the leftovers folder now.</summary>
    public static Leftovers Read(IFolder place, byte[] progress)
    {
        var found = new Dictionary<EntryPath, Leftover>();
        var text = Encoding.UTF8.GetString(progress);
        // What stands after the last line end was cut off.
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (Parse(line) is { } parsed)
                found[parsed.Path] = parsed.Leftover;
        return found.Count == 0 ? None : new Leftovers(place, place.OpenFolder(MirrorLayout.Leftovers), found);
    }

    /// <summary>
    /// Moves the contents of a file to <paramref name="path"/> when an interrupted run copied them from the very same state
    /// of the source's file; null otherwise.
    /// </summary>
    public ContentId? TryTake(Entry entry, IFolder to, EntryPath path)
    {
        lock (_taking)
            return Take(entry, to, path);
    }

    /// <summary>Gives up what was not taken, so that its room is free. From several threads; all return when there is room.</summary>
    /// <returns>False when there never was anything.</returns>
    public bool GiveUp()
    {
        if (_place is null)
            return false;
        lock (_taking)
        {
            if (_byPath.Count == 0)
                return true;
            _byPath.Clear();
            FolderTree.Delete(_place, MirrorLayout.Leftovers);
            // A journal hands the blocks out again only once the deletion is durable.
            _place.Barrier();
            return true;
        }
    }

    private ContentId? Take(Entry entry, IFolder to, EntryPath path)
    {
        if (_folder is null || entry.Identity is not { } identity || !_byPath.TryGetValue(entry.Path, out var left))
            return null;
        var same = left.Size == entry.Size && left.Modified == entry.Modified && left.Changed == identity.Changed && left.Device == identity.Device && left.Inode == identity.Inode;
        if (!same || _folder.TryStat(left.Location) is not { Type: EntryType.File } stat || stat.Size != entry.Size)
            return null;
        try
        {
            _folder.Rename(left.Location, to, path, replace: false);
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            FolderTree.Ensure(to, path.Parent, MirrorLayout.FolderMode);
            _folder.Rename(left.Location, to, path, replace: false);
        }
        return left.Content;
    }

    public void Dispose() => _folder?.Dispose();

    private static (EntryPath Path, Leftover Leftover)? Parse(string line)
    {
        var fields = line.Split('\t');
        if (fields.Length != 8)
            return null;
        try
        {
            return (Decode(fields[7]), new Leftover(
                Decode(fields[0]),
                long.Parse(fields[1], CultureInfo.InvariantCulture),
                Timestamp.Parse(fields[2]),
                Timestamp.Parse(fields[3]),
                ulong.Parse(fields[4], CultureInfo.InvariantCulture),
                ulong.Parse(fields[5], CultureInfo.InvariantCulture),
                ContentId.Parse(fields[6])));
        }
        catch (FormatException)
        {
            return null; // Only a hint: what cannot be read is copied again.
        }
    }

    private static EntryPath Decode(string text) => EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(text)));
}
