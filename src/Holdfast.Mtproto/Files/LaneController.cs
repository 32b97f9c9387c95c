namespace Holdfast.Mtproto.Files;

/// <summary>
/// Decides how many connections are worth having. It begins with one, doubles while each step brings at least an eighth more bytes a second,
/// goes back a step when it did not, and tries again after a while: lines change. Called under the pool's lock.
/// </summary>
internal sealed class LaneController(int max, TimeProvider time)
{
    private const double WorthIt = 1.125;
    private const int MinPartsPerWindow = 4;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ProbeAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);
    private long _windowStart;
    private long _lastMove;
    private long _bytes;
    private int _parts;
    private bool _wasBusy;
    private bool _isSettling;
    private double _rateBefore;
    private int _before = 1;
    private long _settledAt;

    /// <summary>How many connections to use now.</summary>
    public int Wanted { get; private set; } = 1;

    /// <summary>Somebody waits for a place: more connections could be of use.</summary>
    public void OnBusy() => _wasBusy = true;

    public void OnMoved(int bytes)
    {
        var now = time.GetTimestamp();
        if (_windowStart == 0 || time.GetElapsedTime(_lastMove, now) > Idle) StartWindow(now);
        _lastMove = now;
        _bytes += bytes;
        _parts++;
        var elapsed = time.GetElapsedTime(_windowStart, now);
        // The first half window after a step still shows the old number of connections.
        var share = _isSettling ? 2 : 1;
        if (elapsed < Window / share || _parts < MinPartsPerWindow / share) return;
        if (_isSettling) _isSettling = false;
        else Judge(_bytes / elapsed.TotalSeconds, now);
        StartWindow(now);
    }

    private void StartWindow(long now)
    {
        _windowStart = now;
        _bytes = 0;
        _parts = 0;
        _wasBusy = false;
    }

    private void Judge(double rate, long now)
    {
        if (Wanted > _before && rate < _rateBefore * WorthIt)
        {
            Wanted = _before;
            _settledAt = now;
            return;
        }
        _before = Wanted;
        _rateBefore = rate;
        var mayProbe = _settledAt == 0 || time.GetElapsedTime(_settledAt, now) > ProbeAgain;
        if (!_wasBusy || Wanted == max || !mayProbe) return;
        Wanted = Math.Min(Wanted * 2, max);
        _isSettling = true;
    }
}
