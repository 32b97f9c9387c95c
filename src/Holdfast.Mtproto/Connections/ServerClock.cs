namespace Holdfast.Mtproto.Connections;

/// <summary>
/// The server's time as far as it is known, and message ids made from it. A computer whose clock is wrong by any amount works:
/// the key exchange and the server's complaints say what time it is.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TimeSpan _offset;
    private long _lastId;

    public DateTimeOffset Now => time.GetUtcNow() + Offset;

    public TimeSpan Offset
    {
        get { lock (_gate) return _offset; }
        set { lock (_gate) _offset = value; }
    }

    public void SetServerTime(DateTimeOffset serverTime) => Offset = serverTime - time.GetUtcNow();

    /// <summary>Seconds since 1970 in the upper half, their fraction in the lower, divisible by four, and always growing.</summary>
    public long NextMessageId()
    {
        lock (_gate)
        {
            var ticks = (time.GetUtcNow() + _offset - DateTimeOffset.UnixEpoch).Ticks;
            var seconds = ticks / TimeSpan.TicksPerSecond;
            var fraction = (ticks % TimeSpan.TicksPerSecond << 32) / TimeSpan.TicksPerSecond;
            var id = (seconds << 32 | fraction) & ~3L;
            if (id <= _lastId) id = _lastId + 4;
            return _lastId = id;
        }
    }

    /// <summary>Allows smaller ids again: after the clock was set back, in a new session.</summary>
    public void ForgetLastId()
    {
        lock (_gate) _lastId = 0;
    }

    public static DateTimeOffset TimeOf(long messageId) => DateTimeOffset.FromUnixTimeSeconds((long)((ulong)messageId >> 32));
}
