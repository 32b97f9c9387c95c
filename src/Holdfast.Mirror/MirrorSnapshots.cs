using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Check;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror;

/// <summary>A mirror for reading. Everything follows from the records; nothing is written, no lock is taken.</summary>
internal sealed class MirrorSnapshots : ISnapshots, IHistory
{
    private readonly IFolder _place;
    private readonly IReadOnlyList<Increment> _increments;
    private readonly Dictionary<long, Increment> _byNumber;

    public MirrorSnapshots(string name, IFolder place)
    {
        Name = name;
        _place = place;
        _increments = Increment.List(place);
        _byNumber = _increments.ToDictionary(i => i.Number);
        Snapshots = [.. _increments.Select(i => i.Describe(place))];
    }

    public string Name { get; }

    public IReadOnlyList<Snapshot> Snapshots { get; }

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken)
    {
        var upTo = _increments.Where(i => i.Number <= snapshot.Number).ToList();
        var state = RecordMerge.State(_place, upTo, isNewest: upTo.Count == _increments.Count, cancellationToken);
        return under.IsRoot ? state : state.SkipWhile(e => e.Entry.Path.CompareTo(under) < 0).TakeWhile(e => e.Entry.Path.IsAtOrUnder(under));
    }

    public IEnumerable<PathVersions> Histories(HistoryQuery query, CancellationToken cancellationToken)
    {
        var snapshots = Snapshots.ToDictionary(s => s.Number);
        var histories = RecordMerge.Histories(_place, _increments, query.IsEverything ? null : query.Includes, cancellationToken);
        return histories.Select(h => h.ToVersions(snapshots)).Where(v => v.Versions.Count > 0);
    }

    public bool Holds(SnapshotEntry entry) => Find(entry) is not null;

    public IFileReader Open(SnapshotEntry entry)
    {
        if (Find(entry) is { } found)
            return _place.OpenFile(found);
        var path = entry.Entry.Path;
        throw new HoldfastException(
            ErrorKind.Failed,
            $"the place no longer holds the bytes of '{path}' ({entry.Entry.Size:N0} bytes, increment {entry.Version}).",
            "'holdfast check' names everything that is missing or was edited in the mirror.");
    }

    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) =>
        new StructureCheck(_place, _increments).Run(cancellationToken);

    public void Dispose() => _place.Dispose();

    /// <summary>
    /// The bytes lie in the increment that brought them; untracked ones under undo/ while a run that replaced them was cut
    /// off, else in mirror/.
    /// </summary>
    private EntryPath? Find(SnapshotEntry entry)
    {
        var path = entry.Entry.Path;
        if (_byNumber.TryGetValue(entry.Version, out var increment) && IsAt(increment.TrackPath(path), entry.Entry, sameTime: false))
            return increment.TrackPath(path);
        // Elsewhere another version may lie under the same path: only size and time together tell.
        var kept = path.Under(MirrorLayout.UndoOf(_increments.Count > 0 ? _increments[^1].Number : 0));
        if (IsAt(kept, entry.Entry, sameTime: true))
            return kept;
        var current = path.Under(MirrorLayout.Mirror);
        return IsAt(current, entry.Entry, sameTime: true) ? current : null;
    }

    private bool IsAt(EntryPath path, Entry entry, bool sameTime) =>
        _place.TryStat(path) is { Type: EntryType.File } stat
        && stat.Size == entry.Size
        && (!sameTime || stat.Modified.EqualsWithin(entry.Modified, _place.Traits.TimeResolution));
}
