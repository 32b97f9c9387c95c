using Holdfast.Mtproto.Connections;

namespace Holdfast.Mtproto.Files;

/// <summary>
/// The connections that move files to and from one data centre. Each carries up to 2 MiB at a time; how many are in use follows from what pays
/// (<see cref="LaneController"/>). Memory is bounded by that: a part is only read when a connection is free to carry it.
/// </summary>
internal sealed class TransferPool(Func<Connection> open, LaneController controller) : IAsyncDisposable
{
    public const int BytesInFlight = 2 << 20;
    private readonly List<Lane> _lanes = [];
    private readonly Queue<Waiter> _waiting = new();
    private readonly Lock _gate = new();

    public int Connections
    {
        get { lock (_gate) return _lanes.Count; }
    }

    /// <summary>Waits for a connection that can take so many bytes more.</summary>
    public async Task<Lease> RentAsync(int bytes, CancellationToken ct)
    {
        Waiter waiter;
        lock (_gate)
        {
            do
            {
                if (_waiting.Count == 0 && Find(bytes) is { } lane) return Take(lane, bytes);
            }
            while (controller.OnBusy());
            waiter = new Waiter(bytes);
            _waiting.Enqueue(waiter);
        }
        await using var registration = ct.Register(() => waiter.Ready.TrySetCanceled(ct));
        return await waiter.Ready.Task;
    }

    public async ValueTask DisposeAsync()
    {
        List<Lane> lanes;
        lock (_gate)
        {
            lanes = [.. _lanes];
            _lanes.Clear();
        }
        foreach (var lane in lanes) await lane.Connection.DisposeAsync();
    }

    private Lane? Find(int bytes)
    {
        while (_lanes.Count < controller.Wanted) _lanes.Add(new Lane(open()));
        Lane? best = null;
        foreach (var lane in _lanes.Take(controller.Wanted))
            if (best is null || lane.Bytes < best.Bytes) best = lane;
        // A connection that carries nothing takes anything.
        return best is not null && (best.Bytes == 0 || best.Bytes + bytes <= BytesInFlight) ? best : null;
    }

    private Lease Take(Lane lane, int bytes)
    {
        lane.Bytes += bytes;
        return new Lease(this, lane, bytes);
    }

    private void Return(Lane lane, int bytes, int moved)
    {
        lock (_gate)
        {
            lane.Bytes -= bytes;
            controller.OnMoved(moved);
            while (_waiting.TryPeek(out var next))
            {
                if (next.Ready.Task.IsCompleted)
                {
                    _waiting.Dequeue();
                    continue;
                }
                if (Find(next.Bytes) is not { } free) return;
                _waiting.Dequeue();
                var lease = Take(free, next.Bytes);
                // Cancelled in this very moment: the place goes to the next one.
                if (!next.Ready.TrySetResult(lease)) free.Bytes -= next.Bytes;
            }
        }
    }

    /// <summary>A place on a connection, until it is disposed of.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly TransferPool _pool;
        private readonly Lane _lane;
        private readonly int _bytes;
        private int _moved;
        private bool _isReturned;

        internal Lease(TransferPool pool, Lane lane, int bytes)
        {
            _pool = pool;
            _lane = lane;
            _bytes = bytes;
        }

        public Connection Connection => _lane.Connection;

        /// <summary>Said when the bytes have arrived, so that the pool knows what pays.</summary>
        public void Moved(int bytes) => _moved = bytes;

        public void Dispose()
        {
            if (_isReturned) return;
            _isReturned = true;
            _pool.Return(_lane, _bytes, _moved);
        }
    }

    internal sealed class Lane(Connection connection)
    {
        public Connection Connection => connection;

        public int Bytes { get; set; }
    }

    private sealed class Waiter(int bytes)
    {
        public int Bytes => bytes;

        public TaskCompletionSource<Lease> Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
