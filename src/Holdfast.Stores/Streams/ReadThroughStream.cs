namespace Holdfast.Stores.Streams;

/// <summary>Another stream, looked at while it is read.</summary>
/// <param name="inner">Gives the bytes; disposed with this one.</param>
/// <param name="read">Called with what was read, which it may change, before it is handed on. Not called at the end.</param>
/// <param name="closed">Called once, when this is disposed.</param>
internal sealed class ReadThroughStream(Stream inner, Func<Memory<byte>, CancellationToken, ValueTask> read, Action? closed = null) : ForwardStream
{
    private Action? _closed = closed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var got = await inner.ReadAsync(buffer, cancellationToken);
        if (got > 0)
            await read(buffer[..got], cancellationToken);
        return got;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        Interlocked.Exchange(ref _closed, null)?.Invoke();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            Interlocked.Exchange(ref _closed, null)?.Invoke();
        }
        base.Dispose(disposing);
    }
}
