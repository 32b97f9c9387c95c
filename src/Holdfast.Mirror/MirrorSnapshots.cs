using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Check;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Verifying;

namespace Holdfast.Mirror;

/// <summary>A mirror for reading. Everything follows from the records; nothing is written, no lock is taken.</summary>
internal sealed class MirrorSnapshots : ISnapshots, IHistory, ICopies, IVerified
{
    private readonly IFolder _place;
    private readonly FileSystemTraits _traits;
    private readonly IReadOnlyList<Increment> _increments;

    public MirrorSnapshots(string name, IFolder place, FileSystemTraits traits)
    {
        Name = name;
        _place = place;
        _traits = traits;
        _increments = Increment.List(place);
        var descriptions = Descriptions.Read(place, _increments);
        Snapshots = [.. _increments.Select(descriptions.SnapshotOf)];
        Warnings = descriptions.Warnings;
    }

    public string Name { get; }

    public IReadOnlyList<Snapshot> Snapshots { get; }

    public IReadOnlyList<string> Warnings { get; }

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

    public bool Holds(SnapshotEntry entry)
    {
        using var file = TryOpenAnywhere(entry);
        return file is not null;
    }

    public IFileReader Open(SnapshotEntry entry) =>
        TryOpenAnywhere(entry) ?? throw new HoldfastException(
            ErrorKind.Failed,
            $"the place no longer holds the bytes of '{entry.Entry.Path}' ({entry.Entry.Size:N0} bytes, increment {entry.Version}).",
            "'holdfast check' names everything that is missing or was edited in the mirror.");

    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) =>
        new StructureCheck(_place, _traits, _increments).Run(cancellationToken);

    public IEnumerable<Copy> CopiesOf(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken) => Copies.Of(contents, cancellationToken);

    public CopyState Look(Copy copy) => Copies.Look(copy);

    public IFileReader OpenCopy(Copy copy) => Copies.Open(copy);

    public VerificationState Verification(CancellationToken cancellationToken) => VerifiedDates.StateOf(_place, _increments, cancellationToken);

    public void Dispose() => _place.Dispose();

    private MirrorCopies Copies => new(_place, _traits, _increments, Snapshots);

    /// <summary>
    /// The bytes lie in the increment that brought them; untracked ones under undo/ while a run that replaced them was cut
    /// off, else in mirror/.
    /// </summary>
    private IFileReader? TryOpenAnywhere(SnapshotEntry entry)
    {
        var path = entry.Entry.Path;
        if (!_traits.HardLinks)
            return UnlinkedContents.TryOpen(_place, _traits, _increments, entry) ?? UnlinkedContents.TryOpen(_place, _traits, Increment.List(_place), entry);
        if (entry.Entry.Tracked && TryOpenTracked(_increments, entry) is { } tracked)
            return tracked;
        // Elsewhere another version may lie under the same path: only size and time together tell.
        if (_increments.Count > 0 && TryOpen(path.Under(MirrorLayout.UndoOf(_increments[^1].Number)), entry.Entry, sameTime: true) is { } kept)
            return kept;
        if (TryOpen(path.Under(MirrorLayout.Mirror), entry.Entry, sameTime: true) is { } current)
            return current;
        // Somebody may have forgotten snapshots since the place was opened.
        return TryOpenTracked(Increment.List(_place), entry);
    }

    /// <summary>What a forgotten increment brought lies in the next one that is left.</summary>
    private IFileReader? TryOpenTracked(IReadOnlyList<Increment> increments, SnapshotEntry entry) =>
        increments.FirstOrDefault(i => i.Number >= entry.Version) is { } increment
            ? TryOpen(increment.TrackPath(_place, entry.Entry.Path), entry.Entry, sameTime: false)
            : null;

    private IFileReader? TryOpen(EntryPath path, Entry entry, bool sameTime)
    {
        if (_place.TryStat(path) is not { Type: EntryType.File } stat || stat.Size != entry.Size)
            return null;
        if (sameTime && !_traits.MayShowAs(entry.Modified, stat.Modified))
            return null;
        try
        {
            return _place.OpenFile(path);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return null; // It may have moved into another increment between the two calls.
        }
    }
}
