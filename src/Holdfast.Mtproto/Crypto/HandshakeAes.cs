using System.Security.Cryptography;

namespace Holdfast.Mtproto.Crypto;

/// <summary>tmp_aes_key and tmp_aes_iv of the key exchange.</summary>
internal readonly record struct HandshakeAes(byte[] Key, byte[] Iv)
{
    public static HandshakeAes Derive(ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> newNonce)
    {
        var newServer = SHA1.HashData([.. newNonce, .. serverNonce]);
        var serverNew = SHA1.HashData([.. serverNonce, .. newNonce]);
        var newNew = SHA1.HashData([.. newNonce, .. newNonce]);
        return new HandshakeAes(
            [.. newServer, .. serverNew.AsSpan(0, 12)],
            [.. serverNew.AsSpan(12, 8), .. newNew, .. newNonce[..4]]);
    }

    /// <summary>SHA-1 of the data, the data, and random bytes up to a whole block, encrypted.</summary>
    public byte[] Seal(ReadOnlySpan<byte> data)
    {
        var length = SHA1.HashSizeInBytes + data.Length;
        var block = new byte[(length + 15) & ~15];
        SHA1.HashData(data, block);
        data.CopyTo(block.AsSpan(SHA1.HashSizeInBytes));
        RandomNumberGenerator.Fill(block.AsSpan(length));
        AesIge.Encrypt(block, Key, Iv);
        return block;
    }
}
