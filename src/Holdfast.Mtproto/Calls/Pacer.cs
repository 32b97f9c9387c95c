using System.Collections.Concurrent;

namespace Holdfast.Mtproto.Calls;

/// <summary>
/// Learns how fast a method may be called. After Telegram's first "wait" it spaces the calls of that method a little wider than the rate that was refused,
/// and narrows the space again while all goes well: waiting a little often is much less than being sent away for minutes.
/// </summary>
internal sealed class Pacer(TimeProvider time)
{
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    public async Task WaitAsync(string method, CancellationToken ct)
    {
        var pause = _lanes.GetOrAdd(method, static _ => new Lane()).Reserve(time.GetUtcNow());
        if (pause > TimeSpan.Zero) await Task.Delay(pause, time, ct);
    }

    public void OnSuccess(string method)
    {
        if (_lanes.TryGetValue(method, out var lane)) lane.Narrow();
    }

    public void OnFlood(string method) => _lanes.GetOrAdd(method, static _ => new Lane()).Widen(time.GetUtcNow());

    /// <summary>The space between two calls of a method that it has come to; zero until Telegram complained.</summary>
    internal TimeSpan IntervalOf(string method) => _lanes.TryGetValue(method, out var lane) ? lane.Interval : TimeSpan.Zero;

    private sealed class Lane
    {
        private const int CallsBeforeNarrowing = 50;
        private readonly Lock _gate = new();
        private DateTimeOffset _next;
        private DateTimeOffset _windowStart;
        private int _callsInWindow;
        private int _good;

        public TimeSpan Interval { get; private set; }

        public TimeSpan Reserve(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_callsInWindow++ == 0) _windowStart = now;
                if (Interval == TimeSpan.Zero) return TimeSpan.Zero;
                var start = _next > now ? _next : now;
                _next = start + Interval;
                return start - now;
            }
        }

        public void Widen(DateTimeOffset now)
        {
            lock (_gate)
            {
                var observed = _callsInWindow > 1 ? (now - _windowStart) / _callsInWindow * 1.25 : TimeSpan.Zero;
                var wider = Interval * 1.5;
                Interval = observed > wider ? observed : wider;
                if (Interval > MaxInterval) Interval = MaxInterval;
                _callsInWindow = 0;
                _good = 0;
            }
        }

        public void Narrow()
        {
            lock (_gate)
            {
                if (Interval == TimeSpan.Zero || ++_good < CallsBeforeNarrowing) return;
                _good = 0;
                Interval *= 0.9;
            }
        }
    }
}
