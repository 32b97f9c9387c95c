using Holdfast.Stores.Streams;

namespace Holdfast.Stores.S3;

/// <summary>The body of an answer, exactly as long as promised or an error.</summary>
/// <param name="answer">Disposed with this.</param>
/// <param name="bytes">The answer's body.</param>
/// <param name="length">Bytes promised.</param>
/// <param name="patience">Of the whole call; disposed with this.</param>
/// <param name="store">How messages call the store.</param>
/// <param name="name">Which object.</param>
internal sealed class S3ReadStream(IDisposable answer, Stream bytes, long length, Patience patience, string store, ObjectName name) : ForwardStream
{
    private long _done;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.Length > length - _done)
            buffer = buffer[..(int)(length - _done)];
        if (buffer.IsEmpty)
            return 0;
        var got = await ReadSomeAsync(buffer, cancellationToken);
        if (got == 0)
            throw S3Errors.Unavailable($"'{name}' in {store} broke off after {_done} of {length} bytes");
        _done += got;
        return got;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
            patience.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        patience.Renew();
        using var given = cancellationToken.UnsafeRegister(static p => ((Patience)p!).GiveUp(), patience);
        try
        {
            return await bytes.ReadAsync(buffer, patience.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !patience.CallerGaveUp && S3Errors.IsOne(e))
        {
            throw S3Errors.Of(e, store, name);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            patience.Rest();
        }
    }
}
