using System.Globalization;
using Holdfast.Core.Engine;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Syncing;

/// <summary>What a sync did and could not do. Written by several threads.</summary>
internal sealed class SyncTally(RunCounters counters)
{
    private readonly Lock _lock = new();
    private readonly HashSet<SyncAction> _done = [];
    private readonly List<EntryPath> _deleted = [];
    private long _sent, _fetched;

    public RunCounters Counters => counters;

    /// <summary>Bytes that were sent to the library.</summary>
    public long BytesSent => _sent;

    public bool IsDone(SyncAction action) => _done.Contains(action);

    /// <summary>Contents that could not be put under a new path: they stay under their old ones.</summary>
    public HashSet<ContentId?> Lacking(IEnumerable<SyncAction> actions) => [.. actions.Where(a => a.Kind == SyncStepKind.Put && !IsDone(a)).Select(a => a.New)];

    public void Ended(SyncAction action, StepOutcome outcome)
    {
        lock (_lock)
        {
            if (outcome == StepOutcome.Done)
                _done.Add(action);
            else if (outcome == StepOutcome.DeletedForGood)
                _deleted.Add(action.Path);
        }
        if (outcome is StepOutcome.Done or StepOutcome.DeletedForGood)
            return;
        Fail(action.Path, outcome switch
        {
            StepOutcome.Unfit => "the library cannot hold that name, or has one that some systems take for the same; give it another",
            StepOutcome.Missing => "the library does not hold its contents any more; the next run takes it",
            _ => "it changed while the sync was at work; the next run takes it",
        });
    }

    public void Fail(EntryPath path, string reason) => counters.Fail(path, reason);

    public void Sent(long bytes) => Interlocked.Add(ref _sent, bytes);

    public void Fetched(long bytes) => Interlocked.Add(ref _fetched, bytes);

    /// <summary>What was done to the library.</summary>
    public SnapshotStatistics StatisticsOf(IEnumerable<SyncAction> actions, bool dryRun, long entries, long bytes)
    {
        var done = actions.Where(a => a.Side == SyncSide.Library && (dryRun || IsDone(a))).ToList();
        return new SnapshotStatistics
        {
            Entries = entries,
            Bytes = bytes,
            New = done.Count(a => a is { Kind: SyncStepKind.Put, Old: null }),
            Changed = done.Count(a => a is { Kind: SyncStepKind.Put, Old: not null }),
            Moved = done.Count(a => a.Kind == SyncStepKind.Move),
            Deleted = done.Count(a => a.Kind == SyncStepKind.Remove),
            BytesAdded = _sent,
        };
    }

    /// <summary>What was done to the folder, in words; empty for nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> FiguresOf(IEnumerable<SyncAction> actions, bool dryRun)
    {
        var done = actions.Where(a => a.Side == SyncSide.Folder && (dryRun || IsDone(a))).ToList();
        (long Count, string Word)[] kinds =
        [
            (done.Count(a => a is { Kind: SyncStepKind.Put, Old: null }), "new"),
            (done.Count(a => a is { Kind: SyncStepKind.Put, Old: not null }), "changed"),
            (done.Count(a => a.Kind == SyncStepKind.Move), "moved"),
            (done.Count(a => a.Kind == SyncStepKind.Remove), "deleted"),
        ];
        return done.Count == 0 ? [] : [new("in the folder", string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Count} {k.Word}"))) + (dryRun ? "" : string.Create(CultureInfo.InvariantCulture, $"; {_fetched} bytes fetched")))];
    }

    /// <summary>What people should know once.</summary>
    public IEnumerable<string> Remarks()
    {
        if (_deleted.Count > 0)
            yield return $"{_deleted.Count:N0} files were deleted for good in the library and were not added again (the first: {_deleted[0]}); 'holdfast library undelete' lets them come back";
    }
}
