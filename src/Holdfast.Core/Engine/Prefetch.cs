using System.Collections.Concurrent;

namespace Holdfast.Core.Engine;

/// <summary>Lets a sequence be produced on a thread of its own, a bounded number of batches ahead.</summary>
internal static class Prefetch
{
    private const int BatchSize = 256, Batches = 8;

    public static IEnumerable<T> Ahead<T>(IEnumerable<T> sequence)
    {
        using var queue = new BlockingCollection<List<T>>(Batches);
        using var stop = new CancellationTokenSource();
        var producer = Task.Factory.StartNew(() => Produce(sequence, queue, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var batch in queue.GetConsumingEnumerable())
                foreach (var item in batch)
                    yield return item;
            producer.GetAwaiter().GetResult();
        }
        finally
        {
            // Reached early when the consumer stopped: the producer must not go on reading folders.
            stop.Cancel();
            while (queue.TryTake(out _))
            {
            }
            ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Produce<T>(IEnumerable<T> sequence, BlockingCollection<List<T>> queue, CancellationToken stop)
    {
        try
        {
            var batch = new List<T>(BatchSize);
            foreach (var item in sequence)
            {
                batch.Add(item);
                if (batch.Count < BatchSize)
                    continue;
                queue.Add(batch, stop);
                batch = new List<T>(BatchSize);
            }
            if (batch.Count > 0)
                queue.Add(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The consumer is gone.
        }
        finally
        {
            queue.CompleteAdding();
        }
    }
}
