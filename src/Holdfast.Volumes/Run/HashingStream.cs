using Holdfast.Volumes.Codec;

namespace Holdfast.Volumes.Run;

/// <summary>Hashes what it hands on.</summary>
internal sealed class HashingStream(EncodingStream below) : EncodingStream
{
    private readonly XxHash64 _hash = new();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.Append(buffer);
        below.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Complete() => below.Complete();

    /// <summary>The checksum of all that was written.</summary>
    public ulong Finish() => _hash.Finish();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            below.Dispose();
        base.Dispose(disposing);
    }
}
