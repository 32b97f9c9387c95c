using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.History;

/// <summary>
/// What the newest snapshot lists joined with what lies in mirror/ now, so that a file that somebody removed or edited
/// there is noticed.
/// </summary>
internal sealed class MirrorScan(IFolderReader mirror, FileSystemTraits place, bool keepsOwners)
{
    // The first name is lost and will be made anew: its further names must follow.
    private const ulong NoInode = 0;

    private readonly Dictionary<EntryPath, (ulong Inode, uint Names)> _firsts = [];
    private readonly Dictionary<ulong, EntryPath> _copies = [];

    /// <summary>For files that have as many names as the place allows: the inode of the first name, and a name of the last copy.</summary>
    public IReadOnlyDictionary<ulong, EntryPath> Copies => _copies;

    public IEnumerable<KnownEntry> Join(IEnumerable<SnapshotEntry> recorded, IEnumerable<(EntryPath Path, FileStat Stat)> present)
    {
        using var files = present.GetEnumerator();
        var has = files.MoveNext();
        foreach (var (entry, version) in recorded)
        {
            if (entry.Path.IsRoot)
            {
                yield return new KnownEntry(entry, HoldingOf(entry, mirror.Stat(EntryPath.Root)), version);
                continue;
            }
            while (has && files.Current.Path.CompareTo(entry.Path) < 0)
            {
                yield return Foreign(files.Current.Path, files.Current.Stat);
                has = files.MoveNext();
            }
            if (has && files.Current.Path == entry.Path)
            {
                yield return new KnownEntry(entry, HoldingOf(entry, files.Current.Stat), version);
                has = files.MoveNext();
            }
            else
            {
                if (entry.LinkedWith == entry.Path)
                    _firsts[entry.Path] = (NoInode, 0);
                // What the place cannot hold is in the record alone.
                yield return new KnownEntry(entry, place.Holds(entry.Type) ? Holding.Lost : Holding.Intact, version);
            }
        }
        for (; has; has = files.MoveNext())
            yield return Foreign(files.Current.Path, files.Current.Stat);
    }

    private Holding HoldingOf(Entry entry, in FileStat stat)
    {
        if (IsLost(entry, stat) || !SharesInode(entry, stat))
        {
            if (entry.LinkedWith == entry.Path)
                _firsts[entry.Path] = (NoInode, 0);
            return Holding.Lost;
        }
        return HasMetadata(entry, stat, place, keepsOwners) ? Holding.Intact : Holding.OtherMetadata;
    }

    /// <summary>True when what lies in mirror/ has the time, permissions and owner of an entry, as far as the place keeps them.</summary>
    public static bool HasMetadata(Entry entry, in FileStat stat, FileSystemTraits place, bool keepsOwners) =>
        place.MayShowAs(entry.Modified, stat.Modified)
        && (entry.Type == EntryType.Symlink || !place.Owners || stat.Mode == MirrorLayout.ModeInMirror(entry))
        && (!keepsOwners || (stat.UserId == entry.UserId && stat.GroupId == entry.GroupId));

    private bool IsLost(Entry entry, in FileStat stat)
    {
        if (stat.Type != entry.Type)
            return true;
        var sameTime = place.MayShowAs(entry.Modified, stat.Modified);
        return entry.Type switch
        {
            EntryType.File => stat.Size != entry.Size || !sameTime,
            // Not every place keeps a symlink's time, and a bad disk changes none: only the target tells.
            EntryType.Symlink => stat.Size != entry.LinkTarget!.Length || !PointsTo(entry),
            EntryType.CharDevice or EntryType.BlockDevice => stat.Special != entry.Device,
            _ => false,
        };
    }

    private bool PointsTo(Entry entry)
    {
        try
        {
            return mirror.ReadSymlink(entry.Path).AsSpan().SequenceEqual(entry.LinkTarget);
        }
        catch (FileSystemException)
        {
            return false; // It is made anew.
        }
    }

    /// <summary>
    /// A further name of a file must be a name of that file in the mirror too, or of a copy of it that was begun because the
    /// file had as many names as the place allows. Names went since, perhaps, so half as many will do.
    /// </summary>
    private bool SharesInode(Entry entry, in FileStat stat)
    {
        if (entry.LinkedWith is not { } path || !place.HardLinks)
            return true;
        if (path == entry.Path)
        {
            _firsts[path] = (stat.Inode, stat.Links);
            return true;
        }
        if (!_firsts.TryGetValue(path, out var first) || first.Inode == stat.Inode)
            return true;
        if (first.Inode == NoInode || Math.Max(first.Names, stat.Links) < place.MaximumLinks / 2)
            return false;
        _copies[first.Inode] = entry.Path;
        return true;
    }

    private static KnownEntry Foreign(EntryPath path, in FileStat stat) => new(
        new Entry
        {
            Path = path,
            Type = stat.Type,
            Size = stat.Type == EntryType.File ? stat.Size : 0,
            Modified = stat.Modified,
            Mode = stat.Mode,
            UserId = stat.UserId,
            GroupId = stat.GroupId,
            LinkTarget = stat.Type == EntryType.Symlink ? [] : null,
        },
        Holding.Foreign,
        0);
}
