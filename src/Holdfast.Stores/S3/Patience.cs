namespace Holdfast.Stores.S3;

/// <summary>Ends a call in which nothing moves any more. A slow one that moves may take as long as it takes.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _given;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _span;

    public Patience(TimeSpan span, CancellationToken caller)
    {
        (_span, _caller) = (span, caller);
        _end = new CancellationTokenSource(span);
        _given = caller.UnsafeRegister(static p => ((Patience)p!).GiveUp(), this);
    }

    /// <summary>Cancelled when the caller gives up, or patience ends.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>True when the call ended because its caller wanted it to.</summary>
    public bool CallerGaveUp => _caller.IsCancellationRequested;

    /// <summary>Something moved.</summary>
    public void Renew() => _end.CancelAfter(_span);

    /// <summary>The call waits for its caller, not for the engine.</summary>
    public void Rest() => _end.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Ends the call at once.</summary>
    public void GiveUp() => _end.Cancel();

    public void Dispose()
    {
        _given.Dispose();
        _end.Dispose();
    }
}
