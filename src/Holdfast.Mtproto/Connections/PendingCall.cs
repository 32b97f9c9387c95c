using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Connections;

/// <summary>A call that waits for its answer. Its state is guarded by the connection's lock.</summary>
internal abstract class PendingCall(string method, ITlObject body, CancellationToken ct)
{
    public string Method => method;

    public ITlObject Body => body;

    /// <summary>0 until it is sent; kept when the same message is sent again, so that the server recognises it.</summary>
    public long MessageId { get; set; }

    public int SequenceNumber { get; set; }

    /// <summary>The id of the container it travelled in, or its own.</summary>
    public long PacketId { get; set; }

    /// <summary>When it was last written to a socket or asked about (timestamp of the time provider).</summary>
    public long Since { get; set; }

    /// <summary>How often its answer was overdue.</summary>
    public int Inquiries { get; set; }

    public bool IsCancelled => ct.IsCancellationRequested;

    public CancellationTokenRegistration Registration { get; set; }

    public abstract bool IsDone { get; }

    public abstract void Complete(ref TlReader r);

    public abstract void Fail(Exception error);

    public abstract void Cancel();
}

/// <inheritdoc/>
internal sealed class PendingCall<T>(ITlMethod<T> method, CancellationToken ct) : PendingCall(method.Method, method, ct)
{
    private readonly CancellationToken _ct = ct;

    // Continuations must not run on the connection's reading loop.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _answer.Task;

    public override bool IsDone => _answer.Task.IsCompleted;

    public override void Complete(ref TlReader r)
    {
        try
        {
            _answer.TrySetResult(method.ReadResult(ref r));
        }
        catch (TlException e)
        {
            _answer.TrySetException(e);
        }
    }

    public override void Fail(Exception error) => _answer.TrySetException(error);

    public override void Cancel() => _answer.TrySetCanceled(_ct);
}
