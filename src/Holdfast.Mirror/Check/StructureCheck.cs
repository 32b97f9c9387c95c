using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Check;

/// <summary>
/// Compares the records with what lies in the place: every increment complete, every content that a snapshot lists there
/// with its size and time, mirror/ as the newest snapshot says, with its symlinks, devices, permissions, owners and the
/// times of its folders. Where only the time differs the contents are read and the
/// hash decides, because a later snapshot may have given the same inode another time.
/// </summary>
internal sealed class StructureCheck(IFolder place, FileSystemTraits traits, IReadOnlyList<Increment> increments)
{
    private const string PutRight = "The next backup puts it right.";

    // Not every file system tells by its name (FUSE); the permissions of our own files do.
    private readonly bool _keepsModes = traits.Owners && increments.Count > 0
        && place.TryStat(increments[^1].Folder.Child(MirrorLayout.Entries.Bytes)) is { Mode: MirrorLayout.FileMode };

    // Whoever may not give files away has made a mirror in which all are his own.
    private readonly bool _keepsOwners = traits.Owners && increments.Count > 0
        && place.TryStat(increments[^1].Folder.Child(MirrorLayout.Entries.Bytes)) is { UserId: 0, Mode: MirrorLayout.FileMode };

    // A folder with another time, until it is known that nothing was done in it: what was done is a finding of its own.
    private readonly List<(EntryPath Path, CheckFinding Finding)> _folderTimes = [];

    private readonly HashSet<EntryPath> _touchedFolders = [];

    private readonly Dictionary<long, Increment> _byNumber = increments.ToDictionary(i => i.Number);

    public IEnumerable<CheckFinding> Run(CancellationToken cancellationToken)
    {
        foreach (var finding in CheckChain())
            yield return finding;

        using var histories = RecordMerge.Histories(place, increments, cancellationToken).GetEnumerator();
        while (true)
        {
            CheckFinding? damage = null;
            try
            {
                if (!histories.MoveNext())
                    break;
            }
            catch (Exception e) when (e is HoldfastException or FileSystemException)
            {
                damage = new CheckFinding(place.Display, e.Message, "'holdfast repair' builds it anew out of the files in mirror/ and increments/.");
            }
            if (damage is not null)
            {
                yield return damage;
                yield break;
            }
            foreach (var finding in CheckPath(histories.Current))
                yield return finding;
        }
        foreach (var finding in CheckForeign(cancellationToken))
            yield return finding;
        foreach (var (path, finding) in _folderTimes)
            if (!_touchedFolders.Contains(path))
                yield return finding;
    }

    private IEnumerable<CheckFinding> CheckChain()
    {
        for (var i = 0; i < increments.Count; i++)
        {
            long? parent = null;
            HoldfastException? error = null;
            try
            {
                parent = increments[i].ReadDescription(place).Parent;
            }
            catch (HoldfastException e)
            {
                error = e;
            }
            var expected = i == 0 ? (long?)null : increments[i - 1].Number;
            if (error is not null)
                yield return new CheckFinding(Shown(increments[i].Folder), error.Message, "'holdfast repair' writes it anew out of the rest of the place.");
            else if (parent != expected)
                yield return new CheckFinding(
                    Shown(increments[i].Folder),
                    $"it follows increment {parent?.ToString() ?? "none"}, but the one before it here is {expected?.ToString() ?? "none"}",
                    "An increment was removed or added by hand; snapshots from here on may be incomplete.");
        }
    }

    private IEnumerable<CheckFinding> CheckPath(PathHistory history)
    {
        if (history.Current is { } current && CheckCurrent(current) is { } wrong)
            yield return wrong;
        for (var i = 0; i < history.Newest.Count; i++)
        {
            // Lines of one content share its file; it is looked at once, with the newest metadata it has.
            var isNewestOfItsContent = i == 0 || history.Newest[i - 1].Line.BringsContent || history.Newest[i - 1].Line.Kind == ChangeKind.Deleted;
            if (isNewestOfItsContent && history.At(i) is { Entry: { Type: EntryType.File, Tracked: true } } version && CheckContent(version, history.BroughtBy(i).Line.Entry, history.Current) is { } finding)
                yield return finding;
        }
    }

    /// <summary>A further name of the file in mirror/ has the newest metadata, a clone those it was made with.</summary>
    private CheckFinding? CheckContent(SnapshotEntry version, Entry brought, SnapshotEntry? current)
    {
        if (!_byNumber.TryGetValue(version.Version, out var increment))
            return null;
        // Without hard links contents lie in mirror/ as long as they are the newest.
        if (!traits.HardLinks && current?.Version == version.Version)
            return null;
        var path = increment.TrackPath(place, version.Entry.Path);
        return Compare(path, version.Entry, brought.Modified, "This version is lost or altered; newer and older ones are not affected.", out _);
    }

    private CheckFinding? CheckCurrent(SnapshotEntry current)
    {
        if (!traits.Holds(current.Entry.Type))
            return null;
        var (entry, path) = (current.Entry, current.Entry.Path.Under(MirrorLayout.Mirror));
        if (Compare(path, entry, entry.Modified, "The next backup copies it again from the source.", out var found) is { } wrong)
            return Touched(entry.Path, wrong);
        if (found is not { } stat)
            return null;
        if (ProblemOfAttributes(path, entry, stat) is { } problem)
            return Touched(entry.Path, new CheckFinding(Shown(path), problem, PutRight));
        if (entry.Type == EntryType.Folder && !traits.MayShowAs(entry.Modified, stat.Modified))
            _folderTimes.Add((entry.Path, new CheckFinding(Shown(path), $"its time is {stat.Modified}, not {entry.Modified}", PutRight)));
        return null;
    }

    private CheckFinding Touched(EntryPath path, CheckFinding finding)
    {
        if (!path.IsRoot)
            _touchedFolders.Add(path.Parent);
        return finding;
    }

    /// <summary>What only a current entry tells: an inode in increments has the newest permissions, and nothing else lies there.</summary>
    private string? ProblemOfAttributes(EntryPath path, Entry entry, in FileStat stat)
    {
        try
        {
            if (entry.Type == EntryType.Symlink && place.ReadSymlink(path) is var target && !target.AsSpan().SequenceEqual(entry.LinkTarget))
                return $"it points to '{PathText.ForPeople(target)}', not to '{PathText.ForPeople(entry.LinkTarget)}'";
        }
        catch (FileSystemException e)
        {
            return e.Message;
        }
        if (entry.Type is EntryType.CharDevice or EntryType.BlockDevice && entry.Device is { } device && stat.Special != device)
            return string.Create(CultureInfo.InvariantCulture, $"it is the device {stat.Special.Major}:{stat.Special.Minor}, not {device.Major}:{device.Minor}");
        if (_keepsOwners && (stat.UserId != entry.UserId || stat.GroupId != entry.GroupId))
            return string.Create(CultureInfo.InvariantCulture, $"it belongs to {stat.UserId}:{stat.GroupId}, not to {entry.UserId}:{entry.GroupId}");
        if (entry.Type == EntryType.Symlink)
            return null;
        return _keepsModes && !HasModeOf(entry, stat) ? $"its permissions are {Octal(stat.Mode)}, not {Octal(entry.Mode)}" : null;
    }

    /// <summary>Whoever made the mirror: an ordinary user's can be read by its owner, and cannot give its files to others, nor them their set-id bits.</summary>
    private static bool HasModeOf(Entry entry, in FileStat stat)
    {
        const int ownerReads = 0x100, ownerReadsAndEnters = 0x140, setIds = 0xc00;
        var added = entry.Type == EntryType.Folder ? ownerReadsAndEnters : entry.Type == EntryType.File ? ownerReads : 0;
        var compared = stat.UserId == entry.UserId && stat.GroupId == entry.GroupId ? ~0 : ~setIds;
        return (stat.Mode & compared) == (entry.Mode & compared) || (stat.Mode & compared) == ((entry.Mode | added) & compared);
    }

    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    private CheckFinding? Compare(EntryPath path, Entry entry, Timestamp orModified, string advice, out FileStat? found)
    {
        found = null;
        try
        {
            found = place.TryStat(path);
        }
        catch (FileSystemException e)
        {
            return new CheckFinding(Shown(path), e.Message, advice);
        }
        if (found is not { } stat)
            return new CheckFinding(Shown(path), "it is missing", advice);
        if (stat.Type != entry.Type)
            return new CheckFinding(Shown(path), $"it is a {Record.RecordNames.Of(stat.Type)}, not a {Record.RecordNames.Of(entry.Type)}", advice);
        if (entry.Type != EntryType.File)
            return null;
        if (stat.Size != entry.Size)
            return new CheckFinding(Shown(path), $"it has {stat.Size:N0} bytes, not {entry.Size:N0}: it was edited in the place", advice);
        if (traits.MayShowAs(entry.Modified, stat.Modified) || traits.MayShowAs(orModified, stat.Modified))
            return null;
        return entry.Content is { } content && HashOf(path) == content ? null : new CheckFinding(Shown(path), "its contents are others: it was edited in the place", advice);
    }

    private IEnumerable<CheckFinding> CheckForeign(CancellationToken cancellationToken)
    {
        if (increments.Count == 0 || place.TryStat(MirrorLayout.Mirror) is not { Type: EntryType.Folder })
            yield break;
        using var mirror = place.OpenFolder(MirrorLayout.Mirror);
        var scan = new MirrorScan(mirror, traits, keepsOwners: false);
        foreach (var known in scan.Join(RecordMerge.State(place, increments, isNewest: true, cancellationToken), FolderTree.Walk(mirror)))
            if (known.Holding == Holding.Foreign)
                yield return Touched(known.Entry.Path, new CheckFinding(
                    Shown(known.Entry.Path.Under(MirrorLayout.Mirror)),
                    "it did not come from the source",
                    "The next backup moves it to deleted/ of its increment."));
    }

    private ContentId? HashOf(EntryPath path)
    {
        try
        {
            using var file = place.OpenFile(path);
            return new ContentId(SHA256.HashData(new FileReadStream(file)));
        }
        catch (FileSystemException)
        {
            return null;
        }
    }

    private string Shown(EntryPath path) => $"{place.Display}/{path}";
}
