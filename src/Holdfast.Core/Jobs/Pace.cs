namespace Holdfast.Core.Jobs;

/// <summary>Hands out bytes at a rate.</summary>
/// <param name="rate">Bytes a second by the clock on the wall.</param>
/// <param name="time">Whose time passes.</param>
public sealed class Pace(RateTimetable rate, TimeProvider time)
{
    // Whoever was idle does not get more at once than this much time's worth.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _paid;

    /// <summary>Returns when these bytes may have moved.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (rate.At(time.GetLocalNow().DateTime) is not { } most)
                return;
            var now = time.GetElapsedTime(_start);
            var from = _paid > now - Burst ? _paid : now - Burst;
            _paid = from + TimeSpan.FromSeconds((double)bytes / most);
            wait = _paid - now;
        }
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
