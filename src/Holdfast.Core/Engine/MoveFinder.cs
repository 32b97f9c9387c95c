using System.Runtime.InteropServices;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// Finds contents that only changed their path, for one target: by the identity the source's file system gives (device,
/// inode, birth time, size, mtime), else by size and mtime with the hash as judge. Remembers a bounded number of
/// candidates; beyond it a renamed file is simply copied.
/// </summary>
internal sealed class MoveFinder
{
    private const int Most = 200_000;

    private readonly Dictionary<Key, Entry> _byIdentity = [];
    private readonly Dictionary<(long, Timestamp), Entry> _byTime = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(ulong Device, ulong Inode, Timestamp? Born, long Size, Timestamp Modified);

    /// <summary>Remembers contents that leave a path.</summary>
    public void Leaves(KnownEntry known)
    {
        var entry = known.Entry;
        if (entry is not { Type: EntryType.File, Content: not null, Size: > 0 } || known.Holding is Holding.Lost or Holding.Foreign || _byTime.Count >= Most)
            return;
        if (entry.Identity is { } identity)
            _byIdentity.TryAdd(KeyOf(entry, identity), entry);
        _byTime.TryAdd((entry.Size, entry.Modified), entry);
    }

    /// <summary>The entry whose contents this one has for certain, by identity.</summary>
    public Entry? Certain(Entry entry, bool stableIdentity) =>
        stableIdentity && entry is { Type: EntryType.File, Identity: { } identity } && _byIdentity.TryGetValue(KeyOf(entry, identity), out var then) ? then : null;

    /// <summary>An entry that may have the same contents; only the hash can tell.</summary>
    public Entry? Possible(Entry entry) =>
        entry.Type == EntryType.File && _byTime.TryGetValue((entry.Size, entry.Modified), out var then) ? then : null;

    private static Key KeyOf(Entry entry, FileIdentity identity) => new(identity.Device, identity.Inode, identity.Born, entry.Size, entry.Modified);
}
