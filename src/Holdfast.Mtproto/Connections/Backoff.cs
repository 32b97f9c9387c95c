namespace Holdfast.Mtproto.Connections;

/// <summary>Pauses between attempts: none first, then doubling up to a limit, a little different for everybody.</summary>
internal sealed class Backoff(TimeSpan max)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        if (_failures++ == 0) return TimeSpan.Zero;
        var pause = First * Math.Pow(2, Math.Min(_failures - 2, 16));
        return (pause < max ? pause : max) * (0.8 + (0.4 * Random.Shared.NextDouble()));
    }
}
