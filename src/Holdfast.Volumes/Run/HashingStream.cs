using System.Security.Cryptography;
using Holdfast.Volumes.Codec;

namespace Holdfast.Volumes.Run;

/// <summary>Hashes what it hands on.</summary>
internal sealed class HashingStream(Stream below) : EncodingStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        below.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Complete()
    {
    }

    /// <summary>SHA-256 of all that was written.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
