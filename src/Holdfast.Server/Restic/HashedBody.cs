using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Restic;

/// <summary>A body that ends with an error when its bytes do not have the SHA-256 they are named by: then nothing is stored.</summary>
internal sealed class HashedBody(Stream body, string sha256) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var got = await body.ReadAsync(buffer, cancellationToken);
        if (got > 0 || buffer.Length == 0)
            _hash.AppendData(buffer.Span[..got]);
        else if (Convert.ToHexStringLower(_hash.GetCurrentHash()) != sha256)
            throw new BadHttpRequestException("the bytes do not have the SHA-256 they are named by; nothing was stored");
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
