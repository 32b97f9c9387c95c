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

    /// <summary>Fills in the head of <paramref name="w"/> (<see cref="Head"/> reserved bytes, then the body), pads it, and says what is to be encrypted with which key.</summary>
    /// <param name="w">The packet.</param>
    /// <param name="key">The key both sides share.</param>
    /// <param name="head">The plaintext head.</param>
    /// <param name="direction">Which way it goes.</param>
    /// <param name="keyAndIv">Gets 64 bytes.</param>
    /// <param name="inner">Gets what is to be encrypted in place.</param>
    /// <returns>The length of the message on the wire, without the frame's head.</returns>
    public static int Prepare(TlWriter w, AuthKey key, MessageHead head, Direction direction, Span<byte> keyAndIv, out Memory<byte> inner)
    {
        var body = w.Length - Head;
        var padding = MinPadding + (-(Inner + body + MinPadding) & 15);
        RandomNumberGenerator.Fill(w.Reserve(padding));
        var length = w.Length - Framing.MaxHead;
        w.Reserve(Framing.MaxTail);
        var message = w.WrittenMemory.Slice(Framing.MaxHead, length);
        inner = message[Outer..];
        var plain = inner.Span;
        BinaryPrimitives.WriteInt64LittleEndian(plain, head.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(plain[8..], head.SessionId);
        BinaryPrimitives.WriteInt64LittleEndian(plain[16..], head.MessageId);
        BinaryPrimitives.WriteInt32LittleEndian(plain[24..], head.SequenceNumber);
        BinaryPrimitives.WriteInt32LittleEndian(plain[28..], body);
        var messageKey = message.Span.Slice(8, MessageKey.Size);
        MessageKey.Compute(key.Bytes, plain, direction, messageKey);
        BinaryPrimitives.WriteInt64LittleEndian(message.Span, key.Id);
        MessageKey.DeriveAes(key.Bytes, messageKey, direction, keyAndIv[..AesIgeSideBySide.KeyAndIv]);
        return length;
    }

    /// <summary>Decrypts and verifies one message in place.</summary>
    /// <exception cref="CryptographicException">The message was not made with this key, or its lengths are not allowed.</exception>
    public static ReadOnlySpan<byte> Open(Memory<byte> message, AuthKey key, Direction direction, out MessageHead head)
    {
        Decrypt([message], key, direction);
        return Verify(message.Span, key, direction, out head);
    }

    /// <summary>Decrypts messages in place, side by side; nothing in them may be believed before <see cref="Verify"/>. Those that cannot be of this key are left alone.</summary>
    public static void Decrypt(ReadOnlySpan<Memory<byte>> messages, AuthKey key, Direction direction)
    {
        Span<byte> keysAndIvs = stackalloc byte[AesIgeSideBySide.Most * AesIgeSideBySide.KeyAndIv];
        var inner = new Memory<byte>[messages.Length];
        var count = 0;
        foreach (var message in messages)
        {
            if (!Names(key, message.Span)) continue;
            MessageKey.DeriveAes(key.Bytes, message.Span.Slice(8, MessageKey.Size), direction, keysAndIvs.Slice(count * AesIgeSideBySide.KeyAndIv, AesIgeSideBySide.KeyAndIv));
            inner[count++] = message.Slice(Outer, InnerLength(message.Length));
        }
        AesIgeSideBySide.Decrypt(inner.AsSpan(0, count), keysAndIvs);
    }

    /// <summary>Checks everything of a decrypted message that can be checked without knowing the session.</summary>
    /// <exception cref="CryptographicException">The message was not made with this key, or its lengths are not allowed.</exception>
    public static ReadOnlySpan<byte> Verify(ReadOnlySpan<byte> message, AuthKey key, Direction direction, out MessageHead head)
    {
        if (!Names(key, message)) throw new CryptographicException("A message is too short or names another key.");
        var inner = message.Slice(Outer, InnerLength(message.Length));
        Span<byte> expected = stackalloc byte[MessageKey.Size];
        MessageKey.Compute(key.Bytes, inner, direction, expected);
        var isGenuine = CryptographicOperations.FixedTimeEquals(expected, message.Slice(8, MessageKey.Size));
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

    private static bool Names(AuthKey key, ReadOnlySpan<byte> message) =>
        message.Length >= Outer + Inner + MinPadding && BinaryPrimitives.ReadInt64LittleEndian(message) == key.Id;

    // A padded transport leaves up to 15 bytes behind the last block.
    private static int InnerLength(int message) => (message - Outer) & ~15;
}
