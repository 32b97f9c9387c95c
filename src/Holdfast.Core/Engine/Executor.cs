using System.Threading.Channels;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// Carries a plan out. Contents are read by several workers; what was read is handed to the targets' records by one thread,
/// in path order. With one worker everything happens one after the other.
/// </summary>
/// <param name="source">What is read.</param>
/// <param name="targets">What gets it.</param>
/// <param name="moves">What may have moved, by target.</param>
/// <param name="counters">Counts and names.</param>
/// <param name="workers">How many read.</param>
/// <param name="mostBeforeTurn">Larger files, and those with holes, are read by the recording thread, because a target takes them only in order.</param>
internal sealed class Executor(
    FileTreeSource source,
    IReadOnlyList<TargetSlot> targets,
    IReadOnlyList<MoveFinder> moves,
    RunCounters counters,
    int workers,
    long mostBeforeTurn = long.MaxValue)
{
    // Small files travel in batches: handing each over by itself costs more than reading it. A batch is full at so many
    // items or so many bytes, whichever comes first, so that a large file travels alone.
    private const int BatchItems = 64;
    private const long BatchBytes = 4 * 1024 * 1024;

    // What a target far away is asked about at once is hashed first and read again when it is sent: it should still be in memory then.
    private const long BatchBytesFar = 32 * 1024 * 1024;

    // How many batches the workers may run ahead of the record: enough that one large file does not stop the others.
    private const int Ahead = 128;

    // The same where a target holds the bytes until their turn: about so many times BatchBytes of memory.
    private const int AheadHolding = 6;

    private readonly LinkedContents _linked = new();
    private readonly List<NotHeldPaths> _notHeld = [.. targets.Select(t => new NotHeldPaths(targets.Count == 1 ? "" : t.Target.Name, counters))];

    public async Task RunAsync(IEnumerable<PlanItem> plan, CancellationToken cancellationToken)
    {
        await RunAllAsync(plan, cancellationToken);
        foreach (var paths in _notHeld)
            paths.Finish();
    }

    private async Task RunAllAsync(IEnumerable<PlanItem> plan, CancellationToken cancellationToken)
    {
        if (workers == 1)
        {
            using var work = NewWork();
            foreach (var item in plan)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RecordAsync(await work.DoAsync(item, hash: null, cancellationToken), work, cancellationToken);
                if (!targets.Any(t => t.IsAlive))
                    return;
            }
            return;
        }
        await RunInParallelAsync(plan, cancellationToken);
    }

    private async Task RunInParallelAsync(IEnumerable<PlanItem> plan, CancellationToken cancellationToken)
    {
        var ahead = mostBeforeTurn == long.MaxValue ? Ahead : AheadHolding;
        var isFar = targets.Any(t => t.IsAlive && t.Run.AsksFarAway);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var toRead = Channel.CreateBounded<Batch>(new BoundedChannelOptions(ahead) { SingleWriter = true });
        var inOrder = Channel.CreateBounded<Batch>(new BoundedChannelOptions(ahead) { SingleWriter = true, SingleReader = true });

        var running = new List<Task> { Guarded(FeedAsync, stop), Guarded(RecordAllAsync, stop) };
        for (var i = 0; i < workers; i++)
            running.Add(Guarded(ReadAllAsync, stop));
        await Task.WhenAll(running);

        async Task FeedAsync()
        {
            try
            {
                foreach (var batch in Batches(plan, isFar ? BatchBytesFar : BatchBytes))
                {
                    await toRead.Writer.WriteAsync(batch, stop.Token);
                    await inOrder.Writer.WriteAsync(batch, stop.Token);
                    if (!targets.Any(t => t.IsAlive))
                        break;
                }
            }
            finally
            {
                toRead.Writer.Complete();
                inOrder.Writer.Complete();
            }
        }

        async Task ReadAllAsync()
        {
            using var work = NewWork(mostBeforeTurn);
            await foreach (var batch in toRead.Reader.ReadAllAsync(stop.Token))
                try
                {
                    var hashes = isFar ? await work.HashAheadAsync(batch.Items, stop.Token) : null;
                    var outcomes = new Outcome[batch.Items.Count];
                    for (var i = 0; i < outcomes.Length; i++)
                    {
                        stop.Token.ThrowIfCancellationRequested();
                        outcomes[i] = await work.DoAsync(batch.Items[i], hashes?[i], stop.Token);
                    }
                    batch.Done.SetResult(outcomes);
                }
                catch (Exception e)
                {
                    batch.Done.SetException(e);
                    throw;
                }
        }

        async Task RecordAllAsync()
        {
            using var work = NewWork();
            await foreach (var batch in inOrder.Reader.ReadAllAsync(stop.Token))
                foreach (var outcome in await batch.Done.Task.WaitAsync(stop.Token))
                    await RecordAsync(outcome.InTurn is { } rest ? await rest(work, stop.Token) : outcome, work, stop.Token);
        }
    }

    private sealed record Batch(IReadOnlyList<PlanItem> Items)
    {
        public TaskCompletionSource<Outcome[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static IEnumerable<Batch> Batches(IEnumerable<PlanItem> plan, long batchBytes)
    {
        var items = new List<PlanItem>(BatchItems);
        var bytes = 0L;
        foreach (var item in plan)
        {
            items.Add(item);
            bytes += item.Source?.Size ?? 0;
            if (items.Count < BatchItems && bytes < batchBytes)
                continue;
            yield return new Batch(items);
            items = new List<PlanItem>(BatchItems);
            bytes = 0;
        }
        if (items.Count > 0)
            yield return new Batch(items);
    }

    /// <summary>Runs a stage on a thread of its own kind, and stops the others when it fails.</summary>
    private static async Task Guarded(Func<Task> stage, CancellationTokenSource stop)
    {
        try
        {
            await Task.Run(stage, CancellationToken.None);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async ValueTask RecordAsync(Outcome outcome, ContentWork work, CancellationToken cancellationToken)
    {
        if (outcome.Failed)
        {
            _linked.Failed(outcome.Item);
            return;
        }
        var changes = outcome.Changes;
        if (outcome.Item.Source is { LinkedWith: { } first } entry)
        {
            if (first == entry.Path)
                _linked.Remember(outcome);
            else if (await FurtherNameAsync(outcome, first, entry, work, cancellationToken) is { } further)
                changes = further;
            else
                return;
        }
        for (var i = 0; i < changes.Length; i++)
            if (changes[i] is { } change && targets[i].IsAlive)
                await RecordAsync(i, change, outcome.NotHeld?[i], cancellationToken);
    }

    private async ValueTask RecordAsync(int target, Change change, string? notHeld, CancellationToken cancellationToken)
    {
        var (slot, run) = (targets[target], targets[target].Run);
        var isCovered = _notHeld[target].Covers(change);
        var reason = notHeld;
        if (!isCovered && notHeld is null)
            reason = await slot.TryHoldAsync(() => change.Kind == ChangeKind.Deleted ? run.RemoveAsync(change, cancellationToken) : run.PutAsync(change, cancellationToken));
        if (!isCovered && reason is not null)
            _notHeld[target].Add(change, reason);
        if ((isCovered || reason is not null) && notHeld is null && change.BringsBytes)
            await slot.TryAsync(() =>
            {
                run.Discard(change);
                return ValueTask.CompletedTask;
            });
    }

    /// <summary>A further name of a file has the contents of its first name, and follows it into a new inode.</summary>
    private async ValueTask<Change?[]?> FurtherNameAsync(Outcome outcome, EntryPath first, Entry entry, ContentWork work, CancellationToken cancellationToken)
    {
        if (_linked.HasFailed(first))
        {
            counters.Fail(entry.Path, $"'{first}', a name of the same file, could not be read");
            return null;
        }
        try
        {
            var read = _linked.EntryOf(first);
            var content = entry.Type == EntryType.File ? read?.Content ?? await work.HashAsync(entry, cancellationToken) : (ContentId?)null;
            var changes = (Change?[])outcome.Changes.Clone();
            for (var i = 0; i < changes.Length; i++)
                if (changes[i] is { } change)
                    changes[i] = change with
                    {
                        Kind = change.Known is not null && (_linked.IsReplaced(first, i) || change.Known.Entry.Content != content) ? ChangeKind.Changed : change.Kind,
                        Entry = LinkedContents.Follow(change.Entry, read) with { Content = content },
                    };
            return changes;
        }
        catch (FileSystemException e)
        {
            counters.Fail(entry.Path, e);
            return null;
        }
    }

    private ContentWork NewWork(long mostBeforeTurn = long.MaxValue) => new(source, targets, moves, counters, mostBeforeTurn);
}
