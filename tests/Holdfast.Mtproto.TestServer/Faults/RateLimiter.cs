using Holdfast.Mtproto.TestServer.Wire;

namespace Holdfast.Mtproto.TestServer.Faults;

/// <summary>So many calls of a method in so long, per key, as Telegram counts them.</summary>
internal sealed class RateLimiter(ServerFaults faults, TimeProvider clock)
{
    private readonly Dictionary<(long Key, string Method), Queue<DateTimeOffset>> _calls = [];

    public RpcFault? Check(long key, string method)
    {
        if (!faults.Limits.TryGetValue(method, out var limit)) return null;
        lock (_calls)
        {
            if (!_calls.TryGetValue((key, method), out var times)) _calls[(key, method)] = times = new Queue<DateTimeOffset>();
            var now = clock.GetUtcNow();
            while (times.TryPeek(out var oldest) && now - oldest >= limit.Span) times.Dequeue();
            if (times.Count < limit.Count)
            {
                times.Enqueue(now);
                return null;
            }
            return new RpcFault(420, $"FLOOD_WAIT_{Math.Max(1, (int)Math.Ceiling((times.Peek() + limit.Span - now).TotalSeconds))}");
        }
    }
}
