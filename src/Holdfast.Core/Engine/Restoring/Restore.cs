using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// Gives files of a snapshot back, from any target. A file gets its name only when its bytes are durable and have the
/// recorded hash; until then what was there stays.
/// </summary>
/// <param name="snapshots">The target's snapshots.</param>
/// <param name="time">Measures the duration.</param>
/// <param name="open">Opens the folders restored to; <see cref="LocalFolders.Open"/> when null.</param>
public sealed class Restore(ISnapshots snapshots, TimeProvider time, Func<string, IFolder>? open = null)
{
    private readonly Func<string, IFolder> _open = open ?? LocalFolders.Open;

    /// <summary>
    /// Restores. A path that cannot be restored is named in the counters and does not stop the others. When it is cancelled,
    /// what was complete is there under its name and the next restore goes on.
    /// </summary>
    /// <exception cref="HoldfastException">The snapshot lacks a path, the brake stopped it, or the disk is full.</exception>
    public async Task<RestoreReport> RunAsync(Snapshot snapshot, RestoreOptions options, RestoreCounters counters, CancellationToken cancellationToken)
    {
        var (started, began) = (time.GetTimestamp(), time.GetUtcNow());
        RequirePaths(snapshot, options, cancellationToken);
        // What it does not list may have been there all the same.
        if (options.Delete && snapshot.IsIncomplete)
            throw new HoldfastException(ErrorKind.Usage, $"the snapshot {snapshot.Id} is incomplete: nothing can be removed by it.", "Leave out --delete, or choose another snapshot.");
        if (options is { Delete: true, AllowDeletions: false, DryRun: false })
            await BrakeAsync(snapshot, options, cancellationToken);
        var remarks = new Remarks();
        if (snapshots is IPreparedReading prepared && !options.DryRun)
            prepared.Prepare(Selected(snapshot, options, cancellationToken));
        await PassAsync(snapshot, options, counters, remarks, cancellationToken);
        return new RestoreReport
        {
            Snapshot = snapshot,
            Started = began,
            Duration = time.GetElapsedTime(started),
            DryRun = options.DryRun,
            Counters = counters,
            Remarks = remarks.All,
        };
    }

    private void RequirePaths(Snapshot snapshot, RestoreOptions options, CancellationToken cancellationToken)
    {
        if (options.Paths.Count == 0)
            return;
        var selection = new Selection(options);
        if (selection.Missing(snapshots.Entries(snapshot, selection.Common, cancellationToken).Select(e => e.Entry.Path)) is { } missing)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"the snapshot {snapshot.Id} has no '{missing}'.",
                "Nothing was restored. 'holdfast ls' shows what it has.");
    }

    private IEnumerable<SnapshotEntry> Selected(Snapshot snapshot, RestoreOptions options, CancellationToken cancellationToken)
    {
        var selection = new Selection(options);
        return snapshots.Entries(snapshot, selection.Common, cancellationToken).Where(e => selection.Selects(e.Entry.Path, e.Entry.Type == EntryType.Folder));
    }

    /// <summary>Goes through it once without changing anything, to learn how much would be removed.</summary>
    private async Task BrakeAsync(Snapshot snapshot, RestoreOptions options, CancellationToken cancellationToken)
    {
        var rehearsal = new RestoreCounters();
        await PassAsync(snapshot, options with { DryRun = true, Checksum = false, OnPlanned = null }, rehearsal, new Remarks(), cancellationToken);
        RestoreBrake.Check(rehearsal, options.MaxDelete);
    }

    private async Task PassAsync(Snapshot snapshot, RestoreOptions options, RestoreCounters counters, Remarks remarks, CancellationToken cancellationToken)
    {
        var workers = snapshots.IsSequential ? 1 : options.Workers ?? Math.Clamp(Environment.ProcessorCount, 2, 8);
        using var target = new RestoreTarget(options, _open);
        var selection = new Selection(options);
        var entries = snapshots.Entries(snapshot, selection.Common, cancellationToken);
        await using var pass = new RestorePass(snapshots, snapshot, options, selection, target, counters, remarks, workers, cancellationToken);
        await pass.RunAsync(workers == 1 ? entries : Prefetch.Ahead(entries));
        if (!options.DryRun)
            target.Barrier();
    }
}
