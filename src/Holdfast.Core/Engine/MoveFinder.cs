using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// Finds contents that only changed their path, for one target: by the identity the source's file system gives (device,
/// inode, birth time, size, mtime), else by size and mtime with the hash as judge. Remembers a bounded number of
/// candidates; beyond it a renamed file is simply copied.
/// </summary>
/// <param name="findContents">False when the target takes a renamed file as a new one; then renames are only counted, for the brake.</param>
internal sealed class MoveFinder(bool findContents = true)
{
    private const int Most = 200_000;

    private readonly Dictionary<Key, Entry> _byIdentity = [];
    private readonly Dictionary<(long, Timestamp), Entry> _byTime = [];
    private readonly Dictionary<EntryPath, (int Known, int Leaving)> _groups = [];
    private readonly Dictionary<(ulong, ulong, Timestamp?), int> _removed = [];
    private readonly ConcurrentDictionary<EntryPath, EntryPath> _taken = new();

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(ulong Device, ulong Inode, Timestamp? Born, long Size, Timestamp Modified);

    /// <summary>Takes note of everything the target has.</summary>
    public void Knows(KnownEntry known)
    {
        if (known.Entry.LinkedWith is { } first)
            _groups[first] = _groups.GetValueOrDefault(first) is var (all, leaving) ? (all + 1, leaving) : default;
    }

    /// <summary>Remembers contents that leave a path.</summary>
    public void Leaves(Change change)
    {
        if (change.Known is not { } known)
            return;
        var entry = known.Entry;
        if (entry.LinkedWith is { } first && _groups.TryGetValue(first, out var group))
            _groups[first] = group with { Leaving = group.Leaving + 1 };
        if (change.Kind == ChangeKind.Deleted && entry is { Type: not EntryType.Folder, Identity: { } gone } && _removed.Count < Most)
            _removed[(gone.Device, gone.Inode, gone.Born)] = _removed.GetValueOrDefault((gone.Device, gone.Inode, gone.Born)) + 1;
        if (!findContents || entry is not { Type: EntryType.File, Content: not null, Size: > 0 } || known.Holding is Holding.Lost or Holding.Foreign || _byTime.Count >= Most)
            return;
        if (entry.Identity is { } identity)
            _byIdentity.TryAdd(KeyOf(entry, identity), entry);
        _byTime.TryAdd((entry.Size, entry.Modified), entry);
    }

    /// <summary>
    /// The entry whose contents this one has for certain, by identity. Without a birth time an inode may have been given to
    /// another file meanwhile.
    /// </summary>
    public Entry? Certain(Entry entry, bool stableIdentity) =>
        stableIdentity && entry is { Type: EntryType.File, Identity: { Born: not null } identity } && _byIdentity.TryGetValue(KeyOf(entry, identity), out var then) && IsFree(then) ? then : null;

    /// <summary>An entry that may have the same contents; only the hash can tell.</summary>
    public Entry? Possible(Entry entry) =>
        entry.Type == EntryType.File && _byTime.TryGetValue((entry.Size, entry.Modified), out var then) && IsFree(then) ? then : null;

    /// <summary>
    /// Gives the contents to a path; from any thread. Only once: a second file with the same contents is a file of its own
    /// and must not become a hard link in the target.
    /// </summary>
    public bool TryTake(Entry from, EntryPath to) => _taken.TryAdd(from.Path, to);

    /// <summary>How many of the removed paths only were renamed, as far as identities tell. <paramref name="appeared"/> are the new paths.</summary>
    public long CountRenamed(IEnumerable<Entry> appeared)
    {
        var left = new Dictionary<(ulong, ulong, Timestamp?), int>(_removed);
        var count = 0L;
        foreach (var entry in appeared)
            if (entry is { Type: not EntryType.Folder, Identity: { } now } && left.GetValueOrDefault((now.Device, now.Inode, now.Born)) is > 0 and var names)
            {
                left[(now.Device, now.Inode, now.Born)] = names - 1;
                count++;
            }
        return count;
    }

    /// <summary>A name of a group is free when all names leave: otherwise the target's inode stays behind under another one.</summary>
    private bool IsFree(Entry from) =>
        !_taken.ContainsKey(from.Path) && (from.LinkedWith is not { } first || (_groups.TryGetValue(first, out var group) && group.Known == group.Leaving));

    private static Key KeyOf(Entry entry, FileIdentity identity) => new(identity.Device, identity.Inode, identity.Born, entry.Size, entry.Modified);
}
