namespace Holdfast.Volumes.Codec.Children;

/// <summary>Reads through a program: a thread of its own gives it what the stage below holds.</summary>
internal sealed class ChildDecoding : DecodingStream
{
    private readonly Child _child;
    private readonly Stream _below;
    private readonly Task _pump;
    private readonly ReadOnlyMemory<byte> _preface;
    private Exception? _belowFailed;
    private bool _ended;

    public ChildDecoding(ChildCommand command, Stream below, TimeSpan patience, CancellationToken interruption)
    {
        _below = below;
        _preface = command.Preface;
        try
        {
            _child = Child.Start(command, patience, interruption);
        }
        catch
        {
            below.Dispose();
            throw;
        }
        _pump = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override unsafe int Read(Span<byte> buffer)
    {
        if (_ended)
            return 0;
        int got;
        fixed (byte* start = buffer)
        {
            var (at, length) = ((nint)start, buffer.Length);
            got = _child.Waiting(() => _child.Output.Read(new Span<byte>((byte*)at, length)));
        }
        _child.MadeProgress();
        if (got > 0)
            return got;
        _ended = true;
        _pump.Wait();
        if (_belowFailed is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        _child.RequireGoodEnd();
        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _child.Dispose();
            _pump.Wait();
            _below.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Pump()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            _child.Input.Write(_preface.Span);
            while (true)
            {
                int got;
                try
                {
                    var read = 0;
                    _child.Elsewhere(() => read = _below.Read(buffer));
                    got = read;
                }
                catch (Exception e)
                {
                    _belowFailed = e;
                    break;
                }
                if (got == 0)
                    break;
                _child.Input.Write(buffer.AsSpan(0, got));
                _child.MadeProgress();
            }
            _child.Input.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It ended before it had read everything: its exit code says why, or nobody needs the rest.
        }
    }
}
