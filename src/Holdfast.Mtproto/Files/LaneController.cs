namespace Holdfast.Mtproto.Files;

/// <summary>
/// Decides how many connections are worth having. While parts wait it takes one after the other up to the limit, without a pause: where each brings
/// its own rate, every moment with fewer is lost. Then it looks what they are worth: it leaves out a quarter of them, and does without those while
/// that costs less than a quarter of their share. Where it stopped it tries again after a while, upwards too: lines change. Called under the pool's lock.
/// </summary>
internal sealed class LaneController(int max, TimeProvider time)
{
    private const double WorthIt = 1.125;
    private const int Rounds = 3;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan TryUpAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TryDownAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);
    private long _windowStart;
    private long _lastMove;
    private long _bytes;
    private int _parts;
    private bool _wasBusy;
    private bool _isSettling;
    private bool _isGrown;
    private double _rateBefore;
    private int _before = 1;
    private long _upTried;
    private long _downTried;

    /// <summary>How many connections to use now.</summary>
    public int Wanted { get; private set; } = 1;

    /// <summary>Somebody waits for a place: more connections could be of use.</summary>
    /// <returns>Whether there is one more connection to be used.</returns>
    public bool OnBusy()
    {
        _wasBusy = true;
        if (_isGrown) return false;
        if (Wanted < max)
        {
            Use(Wanted + 1);
            _before = Wanted;
            return true;
        }
        _isGrown = true;
        return false;
    }

    public void OnMoved(int bytes)
    {
        var now = time.GetTimestamp();
        if (_windowStart == 0 || time.GetElapsedTime(_lastMove, now) > Idle) StartWindow(now);
        _lastMove = now;
        _bytes += bytes;
        _parts++;
        var elapsed = time.GetElapsedTime(_windowStart, now);
        // Equal connections finish their parts together: only whole rounds of them can be compared.
        if (elapsed < Window || _parts < Rounds * Wanted || _parts % Wanted != 0) return;
        // The first window after a step still shows the old number of connections.
        if (_isSettling) _isSettling = false;
        else if (_isGrown) Judge(_bytes / elapsed.TotalSeconds, now);
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
            _upTried = now;
            Use(_before);
            return;
        }
        var share = 1 - ((double)Wanted / _before);
        if (Wanted < _before && rate < _rateBefore * (1 - (share / 4)))
        {
            _downTried = now;
            Use(_before);
            return;
        }
        if (Wanted < _before) _upTried = now;
        if (Wanted > _before) _downTried = now;
        _before = Wanted;
        _rateBefore = rate;
        // Parts that nobody waits for say nothing about what the line can carry.
        if (!_wasBusy) return;
        if (Wanted > 1 && IsTime(_downTried, TryDownAgain, now)) Use(Wanted - Math.Max(1, Wanted / 4));
        else if (Wanted < max && IsTime(_upTried, TryUpAgain, now)) Use(Math.Min(Wanted * 2, max));
    }

    private bool IsTime(long tried, TimeSpan pause, long now) => tried == 0 || time.GetElapsedTime(tried, now) > pause;

    private void Use(int connections)
    {
        Wanted = connections;
        _isSettling = true;
    }
}
