namespace Holdfast.Core.Engine;

/// <summary>Lets a sequence be produced on a thread of its own, a bounded number of batches ahead.</summary>
internal static class Prefetch
{
    private const int BatchSize = 256, Batches = 16;

    public static IEnumerable<T> Ahead<T>(IEnumerable<T> sequence)
    {
        var queue = new Handover<T>();
        var producer = Task.Factory.StartNew(() => Produce(sequence, queue), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (queue.Take() is { } batch)
                foreach (var item in batch)
                    yield return item;
            producer.GetAwaiter().GetResult();
        }
        finally
        {
            // Reached early when the consumer stopped: the producer must not go on reading folders.
            queue.Stop();
            ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Produce<T>(IEnumerable<T> sequence, Handover<T> queue)
    {
        try
        {
            var batch = new List<T>(BatchSize);
            foreach (var item in sequence)
            {
                batch.Add(item);
                if (batch.Count < BatchSize)
                    continue;
                if (!queue.Put(batch))
                    return;
                batch = new List<T>(BatchSize);
            }
            if (batch.Count > 0)
                queue.Put(batch);
        }
        finally
        {
            queue.End();
        }
    }

    /// <summary>
    /// Between one producer and one consumer. Neither spins, and who had to wait wakes up to a good deal of work: with a few
    /// processors the other threads of the run need them more than this queue does.
    /// </summary>
    private sealed class Handover<T>
    {
        private readonly Queue<List<T>> _batches = new();
        private readonly object _gate = new();
        private bool _ended, _stopped;

        /// <returns>False when the consumer wants no more.</returns>
        public bool Put(List<T> batch)
        {
            lock (_gate)
            {
                if (_batches.Count == Batches)
                    while (_batches.Count > Batches / 2 && !_stopped)
                        Monitor.Wait(_gate);
                _batches.Enqueue(batch);
                Monitor.Pulse(_gate);
                return !_stopped;
            }
        }

        /// <returns>Null at the end.</returns>
        public List<T>? Take()
        {
            lock (_gate)
            {
                while (_batches.Count == 0 && !_ended)
                    Monitor.Wait(_gate);
                if (_batches.Count == Batches / 2 + 1)
                    Monitor.Pulse(_gate);
                return _batches.TryDequeue(out var batch) ? batch : null;
            }
        }

        public void End()
        {
            lock (_gate)
            {
                _ended = true;
                Monitor.Pulse(_gate);
            }
        }

        public void Stop()
        {
            lock (_gate)
            {
                _stopped = true;
                Monitor.Pulse(_gate);
            }
        }
    }
}
