namespace Holdfast.Stores.Tests.S3;

/// <summary>A stream that does something when it was read up to a point.</summary>
internal sealed class HookStream(Stream inner, long at, Func<Task> hook) : Streams.ForwardStream
{
    private long _done;
    private bool _hooked;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_done >= at && !_hooked)
        {
            _hooked = true;
            await hook();
        }
        var got = await inner.ReadAsync(buffer, cancellationToken);
        _done += got;
        return got;
    }
}
