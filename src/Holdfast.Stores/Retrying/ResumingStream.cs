using Holdfast.Stores.Streams;

namespace Holdfast.Stores.Retrying;

/// <summary>The bytes of an object; where they break off, it is opened again from there.</summary>
/// <param name="store">Where the object is.</param>
/// <param name="name">Which.</param>
/// <param name="offset">Where in the object these bytes begin.</param>
/// <param name="content">What was opened first; disposed with this.</param>
/// <param name="backoff">How often in a row without a byte, and after which waits.</param>
internal sealed class ResumingStream(IStore store, ObjectName name, long offset, ObjectContent content, Backoff backoff) : ForwardStream
{
    private readonly long _length = content.Length;
    private readonly string _version = content.Version;
    private ObjectContent? _open = content;
    private long _done;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await backoff.RunAsync(
        async _ =>
        {
            _open ??= await OpenRestAsync(cancellationToken);
            try
            {
                var got = await _open.Bytes.ReadAsync(buffer, cancellationToken);
                _done += got;
                return got;
            }
            catch (StoreException e) when (e.RetryHelps)
            {
                var broken = _open;
                _open = null;
                await broken.DisposeAsync();
                throw;
            }
        },
        cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _open?.Bytes.Dispose();
        base.Dispose(disposing);
    }

    private async Task<ObjectContent> OpenRestAsync(CancellationToken cancellationToken)
    {
        var rest = await store.OpenAsync(name, new ByteRange(offset + _done, _length - _done), cancellationToken);
        if (rest.Version == _version)
            return rest;
        await rest.DisposeAsync();
        throw new StoreException(StoreErrorKind.Changed, $"'{name}' in {store.Display} was replaced while it was read.", "Read it again from its start.");
    }
}
