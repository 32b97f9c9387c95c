using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;

namespace Holdfast.Mtproto.Transport;

/// <summary>
/// The 64 random-looking bytes an obfuscated connection begins with, and the two key streams they name
/// (https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation).
/// </summary>
internal static class Obfuscation
{
    public const int PreambleSize = 64;

    /// <param name="framing">The framing inside.</param>
    /// <param name="secret">16 bytes of an MTProto proxy, or nothing.</param>
    /// <param name="dataCenter">Told to a proxy; negative for a media data centre, plus 10,000 for a test one.</param>
    public static (byte[] Preamble, AesCtr In, AesCtr Out) Begin(Framing framing, ReadOnlySpan<byte> secret, short dataCenter)
    {
        var preamble = new byte[PreambleSize];
        do RandomNumberGenerator.Fill(preamble);
        while (LooksLikeAnotherProtocol(preamble));
        BinaryPrimitives.WriteUInt32LittleEndian(preamble.AsSpan(56), framing.Tag);
        BinaryPrimitives.WriteInt16LittleEndian(preamble.AsSpan(60), dataCenter);
        var (outgoing, incoming) = Streams(preamble, secret);
        var encrypted = (byte[])preamble.Clone();
        outgoing.Apply(encrypted);
        encrypted.AsSpan(56).CopyTo(preamble.AsSpan(56));
        return (preamble, incoming, outgoing);
    }

    /// <summary>The server's side: what a client that sent this preamble speaks.</summary>
    public static (Framing? Framing, AesCtr In, AesCtr Out) Accept(ReadOnlySpan<byte> preamble, ReadOnlySpan<byte> secret)
    {
        var (incoming, outgoing) = Streams(preamble, secret);
        var plain = preamble.ToArray();
        incoming.Apply(plain);
        return (Framing.FromTag(BinaryPrimitives.ReadUInt32LittleEndian(plain.AsSpan(56))), incoming, outgoing);
    }

    private static (AesCtr Forward, AesCtr Backward) Streams(ReadOnlySpan<byte> preamble, ReadOnlySpan<byte> secret)
    {
        Span<byte> forward = stackalloc byte[48], backward = stackalloc byte[48];
        preamble[8..56].CopyTo(forward);
        preamble[8..56].CopyTo(backward);
        backward.Reverse();
        return (Stream(forward, secret), Stream(backward, secret));
    }

    private static AesCtr Stream(ReadOnlySpan<byte> keyAndCounter, ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty) return new AesCtr(keyAndCounter[..32], keyAndCounter[32..]);
        return new AesCtr(SHA256.HashData([.. keyAndCounter[..32], .. secret]), keyAndCounter[32..]);
    }

    private static bool LooksLikeAnotherProtocol(ReadOnlySpan<byte> preamble) =>
        preamble[0] == 0xef
        || BinaryPrimitives.ReadUInt32LittleEndian(preamble) is 0x44414548 or 0x54534f50 or 0x20544547 or 0x4954504f or 0x02010316 or 0xdddddddd or 0xeeeeeeee
        || BinaryPrimitives.ReadUInt32LittleEndian(preamble[4..]) == 0;
}
