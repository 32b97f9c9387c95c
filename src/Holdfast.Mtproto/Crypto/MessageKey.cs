using System.Security.Cryptography;

namespace Holdfast.Mtproto.Crypto;

/// <summary>Which way a message goes; the two directions take different parts of the auth key.</summary>
internal enum Direction
{
    ToServer = 0,
    ToClient = 8,
}

/// <summary>msg_key, and the AES key it leads to (https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector).</summary>
internal static class MessageKey
{
    public const int Size = 16;

    /// <summary>The middle 16 bytes of SHA-256 over 32 bytes of the auth key and the padded plaintext.</summary>
    public static void Compute(ReadOnlySpan<byte> authKey, ReadOnlySpan<byte> plaintext, Direction direction, Span<byte> messageKey)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(authKey.Slice(88 + (int)direction, 32));
        hash.AppendData(plaintext);
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(full);
        full.Slice(8, Size).CopyTo(messageKey);
    }

    /// <param name="authKey">256 bytes.</param>
    /// <param name="messageKey">16 bytes.</param>
    /// <param name="direction">Which way the message goes.</param>
    /// <param name="keyAndIv">64 bytes: the key, then the initial vector.</param>
    public static void DeriveAes(ReadOnlySpan<byte> authKey, ReadOnlySpan<byte> messageKey, Direction direction, Span<byte> keyAndIv)
    {
        var x = (int)direction;
        Span<byte> input = stackalloc byte[Size + 36];
        Span<byte> a = stackalloc byte[32], b = stackalloc byte[32];
        messageKey.CopyTo(input);
        authKey.Slice(x, 36).CopyTo(input[Size..]);
        SHA256.HashData(input, a);
        authKey.Slice(40 + x, 36).CopyTo(input);
        messageKey.CopyTo(input[36..]);
        SHA256.HashData(input, b);
        Interleave(a, b, keyAndIv[..32]);
        Interleave(b, a, keyAndIv[32..]);
    }

    private static void Interleave(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner, Span<byte> target)
    {
        outer[..8].CopyTo(target);
        inner[8..24].CopyTo(target[8..]);
        outer[24..32].CopyTo(target[24..]);
    }
}
