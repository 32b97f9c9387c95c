using Holdfast.Core.FileSystem;
using Holdfast.Volumes.Codec;

namespace Holdfast.Volumes.Reading;

/// <summary>A file from a position on, as a stream that owns it.</summary>
internal sealed class PositionedStream(IFileReader file, long start) : DecodingStream
{
    private long _position = start;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var got = file.Read(_position, buffer);
        _position += got;
        return got;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
