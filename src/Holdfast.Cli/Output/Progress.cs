using System.Globalization;

namespace Holdfast.Cli.Output;

/// <summary>
/// While a run is at work: on a terminal one line that is written over, elsewhere a line now and then, with --json an object.
/// $HOLDFAST_PROGRESS_SECONDS changes how often.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200), Elsewhere = TimeSpan.FromSeconds(30);

    private readonly Func<TimeSpan, ProgressState> _state;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly IProgressLine? _line;
    private readonly ITimer? _timer;
    private readonly Lock _lock = new();
    private bool _ended;

    public Progress(Session session, Func<TimeSpan, ProgressState> state)
    {
        _state = state;
        _time = session.Time;
        _started = _time.GetTimestamp();
        _line = LineFor(session);
        if (_line is not null)
            _timer = _time.CreateTimer(_ => Show(), null, Interval, Interval);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _ended = true;
            _line?.Clear();
        }
    }

    private static IProgressLine? LineFor(Session session)
    {
        if (session.Quiet)
            return null;
        if (session.Json)
            return new JsonProgressLine(StandardStreams.Error);
        return Terminal.ErrorIsTerminal ? new TerminalProgressLine(StandardStreams.Error, () => Terminal.Width) : new PlainProgressLine(StandardStreams.Error);
    }

    private TimeSpan Interval =>
        double.TryParse(Environment.GetEnvironmentVariable("HOLDFAST_PROGRESS_SECONDS"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : _line is TerminalProgressLine ? OnTerminal : Elsewhere;

    private void Show()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            try
            {
                _line!.Show(_state(_time.GetElapsedTime(_started)));
            }
            catch (IOException)
            {
                _ended = true; // Nobody reads it any more; the run itself goes on.
            }
        }
    }
}
