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
internal sealed class Executor(
    FileTreeSource source,
    IReadOnlyList<TargetSlot> targets,
    IReadOnlyList<MoveFinder> moves,
    RunCounters counters,
    bool stableIdentity,
    int workers)
{
    // How far the workers may run ahead of the record: enough that one large file does not stop the others.
    private const int Ahead = 4096;

    private readonly LinkedContents _linked = new();

    public async Task RunAsync(IEnumerable<PlanItem> plan, CancellationToken cancellationToken)
    {
        if (workers == 1)
        {
            using var work = NewWork();
            foreach (var item in plan)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RecordAsync(await work.DoAsync(item, cancellationToken), work, cancellationToken);
                if (!targets.Any(t => t.IsAlive))
                    return;
            }
            return;
        }
        await RunInParallelAsync(plan, cancellationToken);
    }

    private async Task RunInParallelAsync(IEnumerable<PlanItem> plan, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var toRead = Channel.CreateBounded<(PlanItem Item, TaskCompletionSource<Outcome> Done)>(new BoundedChannelOptions(Ahead) { SingleWriter = true });
        var inOrder = Channel.CreateBounded<Task<Outcome>>(new BoundedChannelOptions(Ahead) { SingleWriter = true, SingleReader = true });

        var running = new List<Task> { Guarded(FeedAsync, stop), Guarded(RecordAllAsync, stop) };
        for (var i = 0; i < workers; i++)
            running.Add(Guarded(ReadAllAsync, stop));
        await Task.WhenAll(running);

        async Task FeedAsync()
        {
            try
            {
                foreach (var item in plan)
                {
                    var done = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
                    await toRead.Writer.WriteAsync((item, done), stop.Token);
                    await inOrder.Writer.WriteAsync(done.Task, stop.Token);
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
            using var work = NewWork();
            await foreach (var (item, done) in toRead.Reader.ReadAllAsync(stop.Token))
                try
                {
                    done.SetResult(await work.DoAsync(item, stop.Token));
                }
                catch (Exception e)
                {
                    done.SetException(e);
                    throw;
                }
        }

        async Task RecordAllAsync()
        {
            using var work = NewWork();
            await foreach (var outcome in inOrder.Reader.ReadAllAsync(stop.Token))
                await RecordAsync(await outcome.WaitAsync(stop.Token), work, stop.Token);
        }
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
        {
            if (changes[i] is not { } change)
                continue;
            var run = targets[i].Run;
            await targets[i].TryAsync(() => change.Kind == ChangeKind.Deleted ? run.RemoveAsync(change, cancellationToken) : run.PutAsync(change, cancellationToken));
        }
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
            counters.Fail(entry.Path, e.Message);
            return null;
        }
    }

    private ContentWork NewWork() => new(source, targets, moves, counters, stableIdentity);
}
