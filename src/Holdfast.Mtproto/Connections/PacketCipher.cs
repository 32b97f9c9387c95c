using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.Connections;

/// <summary>The plaintext head of an encrypted message.</summary>
internal readonly record struct MessageHead(long Salt, long SessionId, long MessageId, int SequenceNumber);

/// <summary>
/// Encrypted messages (https://core.telegram.org/mtproto/description): key id, msg_key, then encrypted: salt, session, id, number, length, body, padding.
/// </summary>
internal static class PacketCipher
{
    /// <summary>Bytes in front of the body, with room for the frame's own head.</summary>
    public const int Head = Framing.MaxHead + Outer + Inner;
    private const int Outer = 24;
    private const int Inner = 32;
    private const int MinPadding = 12;
    private const int MaxPadding = 1024;

    /// <summary>Fills in the head of <paramref name="w"/> (<see cref="Head"/> reserved bytes, then the body), pads and encrypts it in place.</summary>
    /// <returns>The length of the message on the wire, without the frame's head.</returns>
    public static int Seal(TlWriter w, AuthKey key, MessageHead head, Direction direction)
    {
        var body = w.Length - Head;
        var padding = MinPadding + (-(Inner + body + MinPadding) & 15);
        RandomNumberGenerator.Fill(w.Reserve(padding));
        var message = w.Written[Framing.MaxHead..];
        var inner = message[Outer..];
        BinaryPrimitives.WriteInt64LittleEndian(inner, head.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(inner[8..], head.SessionId);
        BinaryPrimitives.WriteInt64LittleEndian(inner[16..], head.MessageId);
        BinaryPrimitives.WriteInt32LittleEndian(inner[24..], head.SequenceNumber);
        BinaryPrimitives.WriteInt32LittleEndian(inner[28..], body);
        var messageKey = message.Slice(8, MessageKey.Size);
        MessageKey.Compute(key.Bytes, inner, direction, messageKey);
        BinaryPrimitives.WriteInt64LittleEndian(message, key.Id);
        Span<byte> aes = stackalloc byte[64];
        MessageKey.DeriveAes(key.Bytes, messageKey, direction, aes);
        AesIge.Encrypt(inner, aes[..32], aes[32..]);
        var length = message.Length;
        w.Reserve(Framing.MaxTail);
        return length;
    }

    /// <summary>Decrypts in place and checks everything that can be checked without knowing the session.</summary>
    /// <exception cref="CryptographicException">The message was not made with this key, or its lengths are not allowed.</exception>
    public static ReadOnlySpan<byte> Open(Span<byte> message, AuthKey key, Direction direction, out MessageHead head)
    {
        if (message.Length < Outer + Inner + MinPadding) throw new CryptographicException("An encrypted message is too short.");
        if (BinaryPrimitives.ReadInt64LittleEndian(message) != key.Id) throw new CryptographicException("A message names another key.");
        // A padded transport leaves up to 15 bytes behind the last block.
        var inner = message.Slice(Outer, (message.Length - Outer) & ~15);
        var messageKey = message.Slice(8, MessageKey.Size);
        Span<byte> aes = stackalloc byte[64], expected = stackalloc byte[MessageKey.Size];
        MessageKey.DeriveAes(key.Bytes, messageKey, direction, aes);
        AesIge.Decrypt(inner, aes[..32], aes[32..]);
        MessageKey.Compute(key.Bytes, inner, direction, expected);
        var isGenuine = CryptographicOperations.FixedTimeEquals(expected, messageKey);
        var body = BinaryPrimitives.ReadInt32LittleEndian(inner[28..]);
        var padding = inner.Length - Inner - (long)body;
        var isWellFormed = body >= 4 && body % 4 == 0 && padding is >= MinPadding and <= MaxPadding;
        if (!isGenuine || !isWellFormed) throw new CryptographicException("A message is damaged or was not made with this key.");
        head = new MessageHead(
            BinaryPrimitives.ReadInt64LittleEndian(inner),
            BinaryPrimitives.ReadInt64LittleEndian(inner[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(inner[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(inner[24..]));
        return inner.Slice(Inner, body);
    }
}
