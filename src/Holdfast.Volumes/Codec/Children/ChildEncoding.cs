namespace Holdfast.Volumes.Codec.Children;

/// <summary>Writes through a program: a thread of its own hands what it gives to the stage below.</summary>
internal sealed class ChildEncoding : EncodingStream
{
    private readonly Child _child;
    private readonly EncodingStream _below;
    private readonly Task _pump;
    private readonly ReadOnlyMemory<byte> _preface;
    private Exception? _belowFailed;
    private bool _begun;

    public ChildEncoding(ChildCommand command, EncodingStream below, TimeSpan patience, CancellationToken interruption)
    {
        _below = below;
        _preface = command.Preface;
        _child = Child.Start(command, patience, interruption);
        _pump = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_begun)
            Send(_preface.Span);
        _begun = true;
        Send(buffer);
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (!_begun)
            Write([]);
        _child.Input.Close();
        _child.Waiting(() =>
        {
            _pump.Wait();
            return true;
        });
        if (_belowFailed is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        _child.RequireGoodEnd();
        _below.Complete();
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

    private unsafe void Send(ReadOnlySpan<byte> bytes)
    {
        // A pipe takes bytes as fast as the program reads, so progress is looked at in pieces.
        const int piece = 64 * 1024;
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(piece, bytes.Length)];
            bytes = bytes[part.Length..];
            try
            {
                fixed (byte* start = part)
                {
                    var (at, length) = ((nint)start, part.Length);
                    _child.Waiting(() =>
                    {
                        _child.Input.Write(new ReadOnlySpan<byte>((byte*)at, length));
                        return true;
                    });
                }
            }
            catch (IOException)
            {
                // A closed pipe says only that it ended; why is known elsewhere.
                _pump.Wait(TimeSpan.FromSeconds(5));
                if (_belowFailed is { } failure)
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
                throw _child.Failure();
            }
        }
    }

    private void Pump()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            for (int got; (got = _child.Output.Read(buffer)) > 0;)
            {
                _child.MadeProgress();
                var length = got;
                _child.Elsewhere(() => _below.Write(buffer.AsSpan(0, length)));
            }
        }
        catch (Exception e)
        {
            _belowFailed ??= e;
            // Nobody reads any more: the writer must learn of it by a closed pipe.
            _child.Output.Dispose();
        }
    }
}
