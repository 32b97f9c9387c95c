using System.Net;
using Holdfast.Core.Jobs;

namespace Holdfast.Library.Http;

/// <summary>Bytes that are sent no faster than they may be.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="pace">How fast.</param>
internal sealed class PacedContent(ReadOnlyMemory<byte> bytes, Pace pace) : HttpContent
{
    private const int Slice = 16 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(Slice, rest.Length)..])
        {
            var slice = rest[..Math.Min(Slice, rest.Length)];
            await pace.TakeAsync(slice.Length, cancellationToken);
            await stream.WriteAsync(slice, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
