using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>One run of a job: scan, join with what every target has, brake, read once, commit, report.</summary>
public sealed class Backup(FileTreeSource source, IReadOnlyList<IBackupTarget> targets, TimeProvider time)
{
    /// <summary>
    /// Runs. A target that fails is named in the report and does not stop the others; a path that cannot be read is named
    /// and its last copy stays.
    /// </summary>
    /// <exception cref="HoldfastException">Every target failed before anything could be done; the first reason.</exception>
    public async Task<RunReport> RunAsync(RunRequest request, BackupOptions options, RunCounters counters, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var slots = new List<TargetSlot>();
        var failures = new List<(IBackupTarget Target, Exception Error)>();
        try
        {
            foreach (var target in targets)
                await BeginAsync(target, request, slots, failures, cancellationToken);
            if (slots.Count == 0)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures[0].Error);

            var tallies = slots.ConvertAll(_ => new PlanTally());
            var counting = slots.Zip(tallies, (s, t) => new TargetSlot(s.Target, new CountingRun(s.Run, t))).ToList();
            await PlanAndDoAsync(counting, tallies, request, options, counters, cancellationToken);
            var reports = new List<TargetReport>();
            for (var i = 0; i < counting.Count; i++)
                reports.Add(await CommitAsync(counting[i], tallies[i], options, counters, cancellationToken));
            reports.AddRange(failures.Select(f => Failed(f.Target, f.Error)));
            return new RunReport
            {
                Job = request.Job,
                Client = request.Client,
                Sources = request.Sources,
                Started = request.Time,
                Duration = time.GetElapsedTime(started),
                DryRun = options.DryRun,
                Counters = counters,
                Targets = reports,
            };
        }
        finally
        {
            await TargetSlot.DisposeAsync(slots);
        }
    }

    private static async Task BeginAsync(
        IBackupTarget target,
        RunRequest request,
        List<TargetSlot> slots,
        List<(IBackupTarget, Exception)> failures,
        CancellationToken cancellationToken)
    {
        try
        {
            slots.Add(new TargetSlot(target, await target.BeginAsync(request, cancellationToken)));
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            failures.Add((target, e));
        }
    }

    private async Task PlanAndDoAsync(
        List<TargetSlot> slots,
        List<PlanTally> tallies,
        RunRequest request,
        BackupOptions options,
        RunCounters counters,
        CancellationToken cancellationToken)
    {
        var cyclic = slots.ConvertAll(s => (s.Run as CountingRun)?.Inner as ICyclicRun);
        var workers = options.Workers ?? DefaultWorkers(source);
        var mostBeforeTurn = cyclic.Min(c => c?.MostHeld ?? long.MaxValue);
        var cursors = new List<PlanTarget>();
        var moves = cyclic.ConvertAll(c => new MoveFinder(findContents: c is null));
        var roots = source.Roots.Select(r => r.Prefix).ToList();
        var seen = new RootTally(roots);
        try
        {
            for (var i = 0; i < slots.Count; i++)
                cursors.Add(new PlanTarget(ReadAhead(slots[i].Run.Previous(cancellationToken), workers), moves[i], new RootTally(roots), slots[i].Run.OnlyAdds, cyclic[i]));
            var planner = new Planner(new Comparison(source.TraitsOf, options.Checksum, entry => WithAttributes(entry, counters)), counters, cursors, seen, options.AllowDeletions, source.Has);
            var scan = source.Scan(options.Rules, counters.Scan, request.Time, cancellationToken);
            var plan = planner.Plan(ReadAhead(scan, workers));

            if (slots.TrueForAll(s => s.Run.IsFirst) && !options.DryRun)
            {
                // Nothing can be removed, replaced or moved: copying may begin while the scan goes on.
                await new Executor(source, slots, [], counters, workers, mostBeforeTurn).RunAsync(KnowingTheEnd(plan, slots, tallies, counters), cancellationToken);
                return;
            }

            using var spool = new PlanSpool(Path.Combine(request.StateFolder, "plans"), slots.Count);
            long bytesToRead = 0;
            foreach (var item in plan)
            {
                Spool(item, spool, moves, tallies);
                if (item.Source is { } entry && (item.InDoubt || item.Changes.Any(c => c is { NeedsContent: true })))
                    bytesToRead += entry.Size;
            }
            counters.BytesToRead = bytesToRead;
            Brake(slots, cursors, tallies, options, seen, i => moves[i].CountRenamed(Appeared(spool, i).Where(e => source.TraitsOf(e.Path).StableIdentity)));
            for (var i = 0; i < slots.Count; i++)
                if (cyclic[i] is { } run && slots[i].IsAlive)
                    PlanComplete(run, i, spool, cursors);
            if (options.DryRun)
                Show(Allowed(spool, cursors), slots, tallies, options);
            else
                await new Executor(source, slots, moves, counters, workers, mostBeforeTurn).RunAsync(Allowed(spool, cursors), cancellationToken);
            for (var i = 0; i < slots.Count; i++)
                if (cyclic[i] is { } run && slots[i].IsAlive)
                    await AgainAsync(run, i, slots, tallies, options, counters, workers, cancellationToken);
        }
        finally
        {
            foreach (var cursor in cursors)
                cursor.Dispose();
        }
    }

    /// <summary>Tells a cyclic target what is going to happen, so that it can say so before the first byte.</summary>
    private static void PlanComplete(ICyclicRun run, int target, PlanSpool spool, List<PlanTarget> cursors)
    {
        foreach (var item in Allowed(spool, cursors))
            if (item.Changes[target] is { } change)
                run.Planned(change);
        run.PlanComplete();
    }

    /// <summary>The second part of a run against a cyclic target: unchanged entries whose turn it is.</summary>
    private async Task AgainAsync(
        ICyclicRun run,
        int target,
        List<TargetSlot> slots,
        List<PlanTally> tallies,
        BackupOptions options,
        RunCounters counters,
        int workers,
        CancellationToken cancellationToken)
    {
        var items = run.Again().Select(change =>
        {
            var changes = new Change?[slots.Count];
            changes[target] = change;
            return new PlanItem(change.Entry, changes, InDoubt: false);
        });
        if (options.DryRun)
            Show(items, slots, tallies, options);
        else
            await new Executor(source, slots, [], counters, workers, run.MostHeld).RunAsync(items, cancellationToken);
    }

    /// <summary>A first run reads everything, so what it has to read is known as soon as the scan is over.</summary>
    private static IEnumerable<PlanItem> KnowingTheEnd(IEnumerable<PlanItem> plan, List<TargetSlot> slots, List<PlanTally> tallies, RunCounters counters)
    {
        using var items = plan.GetEnumerator();
        try
        {
            while (Next())
                yield return items.Current;
            counters.BytesToRead = counters.Bytes;
        }
        finally
        {
            // Nobody asks for more when the disk is full, but how much room is needed is known only at the end of the scan.
            while (slots.Exists(FullDisk.Is) && Next())
            {
            }
        }

        bool Next()
        {
            if (!items.MoveNext())
                return false;
            for (var i = 0; i < tallies.Count; i++)
                if (items.Current.Changes[i] is { } change)
                    tallies[i].Plan(change);
            return true;
        }
    }

    private Entry? WithAttributes(Entry entry, RunCounters counters)
    {
        try
        {
            return source.WithAttributes(entry);
        }
        catch (FileSystemException e)
        {
            if (!e.IsNotFound)
                counters.Fail(entry.Path, e);
            return null;
        }
    }

    private static IEnumerable<T> ReadAhead<T>(IEnumerable<T> sequence, int workers) => workers == 1 ? sequence : Prefetch.Ahead(sequence);

    private static void Spool(PlanItem item, PlanSpool spool, List<MoveFinder> moves, List<PlanTally> tallies)
    {
        spool.Write(item);
        for (var i = 0; i < item.Changes.Length; i++)
        {
            if (item.Changes[i] is not { } change)
                continue;
            tallies[i].Plan(change);
            if (change.Kind is ChangeKind.Deleted or ChangeKind.Changed)
                moves[i].Leaves(change);
        }
    }

    private static IEnumerable<Entry> Appeared(PlanSpool spool, int target) =>
        spool.Read().Where(item => item.Changes[target] is { Kind: ChangeKind.New }).Select(item => item.Source!);

    private static void Brake(
        List<TargetSlot> slots,
        List<PlanTarget> cursors,
        List<PlanTally> tallies,
        BackupOptions options,
        RootTally seen,
        Func<int, long> countRenamed)
    {
        for (var i = 0; i < slots.Count; i++)
            tallies[i].Warning = DeletionBrake.Warn(cursors[i].KnownFiles, tallies[i].ReplacedFiles);
        if (options.AllowDeletions)
            return;
        for (var target = 0; target < slots.Count; target++)
        {
            if (cursors[target].OnlyAdds)
                continue;
            var i = target;
            try
            {
                DeletionBrake.Check(slots[i].Target.Name, cursors[i].KnownFiles, tallies[i].RemovedFiles, tallies[i].ReplacedWithoutHistory, cursors[i].Known.FirstMissingIn(seen), options.MaxDelete, () => countRenamed(i));
            }
            catch (HoldfastException e)
            {
                slots[i].Fail(e);
            }
        }
    }

    /// <summary>The plan without what would take a folder away from something that stays.</summary>
    private static IEnumerable<PlanItem> Allowed(PlanSpool spool, List<PlanTarget> cursors)
    {
        foreach (var item in spool.Read())
        {
            for (var i = 0; i < item.Changes.Length; i++)
                if (item.Changes[i] is { } change && cursors[i].Forbids(change))
                    item.Changes[i] = null;
            if (item.Changes.Any(c => c is not null))
                yield return item;
        }
    }

    private static void Show(IEnumerable<PlanItem> plan, List<TargetSlot> slots, List<PlanTally> tallies, BackupOptions options)
    {
        foreach (var item in plan)
            for (var i = 0; i < slots.Count; i++)
                if (item.Changes[i] is { } change)
                {
                    tallies[i].Do(change);
                    options.OnPlanned?.Invoke(slots[i].Target, change);
                }
    }

    private static async Task<TargetReport> CommitAsync(
        TargetSlot slot,
        PlanTally tally,
        BackupOptions options,
        RunCounters counters,
        CancellationToken cancellationToken)
    {
        CommitResult? result = null;
        ((slot.Run as CountingRun)?.Inner as ICyclicRun)?.Missing([.. counters.Failures.Select(f => KeyValuePair.Create(f.Path, f.Reason))]);
        if (!options.DryRun)
            await slot.TryAsync(async () => result = await slot.Run.CommitAsync(cancellationToken));
        return new TargetReport
        {
            Target = slot.Target.Name,
            PlaceId = result?.PlaceId,
            Snapshot = result?.Snapshot,
            Statistics = tally.Statistics(counters),
            Figures = (slot.Run as CountingRun)?.Inner is ICyclicRun run ? [.. run.Figures, .. LeftOutFigures.Of(counters)] : [],
            Mended = tally.Mended,
            Remarks = tally.Warning is { } warning ? [warning, .. slot.Run.Remarks] : slot.Run.Remarks,
            Failure = FullDisk.Explain(slot, tally),
        };
    }

    private static TargetReport Failed(IBackupTarget target, Exception error) =>
        new() { Target = target.Name, Statistics = new SnapshotStatistics(), Failure = error };

    private static int DefaultWorkers(FileTreeSource source) => source.Rotational ? 1 : Math.Clamp(Environment.ProcessorCount, 2, 8);
}
