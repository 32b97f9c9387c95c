using System.Runtime.ExceptionServices;
using Holdfast.Stores.Streams;

namespace Holdfast.Stores.S3;

/// <summary>Bytes that were read already, and then the rest of the body. Remembers why the body failed, which the HTTP client wraps beyond recognition.</summary>
internal sealed class RestOfBody(ReadOnlyMemory<byte> first, BodyReader rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _first = first;

    /// <summary>The body's own failure.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_first.IsEmpty)
        {
            var length = Math.Min(buffer.Length, _first.Length);
            _first[..length].CopyTo(buffer);
            _first = _first[length..];
            return length;
        }
        try
        {
            return await rest.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e)
        {
            Failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }
}
