using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.KeyExchange;

/// <summary>The 2,048-bit key a client and one data centre share. Whoever has it is logged in.</summary>
internal sealed class AuthKey
{
    public const int Size = 256;
    private readonly byte[] _sha1;

    public AuthKey(byte[] bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException("An auth key has 256 bytes.", nameof(bytes));
        Bytes = bytes;
        _sha1 = SHA1.HashData(bytes);
        Id = BinaryPrimitives.ReadInt64LittleEndian(_sha1.AsSpan(12));
    }

    public byte[] Bytes { get; }

    /// <summary>The lower 64 bits of its SHA-1: named in front of every encrypted message.</summary>
    public long Id { get; }

    /// <summary>new_nonce_hash1, 2 or 3: the server's proof that it computed the same key.</summary>
    public byte[] NonceHash(ReadOnlySpan<byte> newNonce, byte number) =>
        SHA1.HashData([.. newNonce, number, .. _sha1.AsSpan(0, 8)])[4..];
}
