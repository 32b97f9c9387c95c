using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.Transport;

/// <summary>How messages are cut out of the byte stream (https://core.telegram.org/mtproto/mtproto-transports).</summary>
public enum TransportKind
{
    /// <summary>Four bytes of length before each message.</summary>
    Intermediate,

    /// <summary>The same with up to 15 random bytes behind, against recognition by length.</summary>
    PaddedIntermediate,

    /// <summary>One byte of length, or four.</summary>
    Abridged,
}

/// <summary>The heads and tails of one <see cref="TransportKind"/>; the same for both directions.</summary>
internal sealed class Framing(TransportKind kind)
{
    public const int MaxHead = 4;
    public const int MaxTail = 15;
    public const int MaxFrame = 1 << 24;

    public TransportKind Kind => kind;

    /// <summary>What a client says in the first four bytes; abridged says only one of them when it is not obfuscated.</summary>
    public uint Tag => kind switch
    {
        TransportKind.Abridged => 0xefefefef,
        TransportKind.PaddedIntermediate => 0xdddddddd,
        _ => 0xeeeeeeee,
    };

    public static Framing? FromTag(uint tag) => tag switch
    {
        0xefefefef => new Framing(TransportKind.Abridged),
        0xdddddddd => new Framing(TransportKind.PaddedIntermediate),
        0xeeeeeeee => new Framing(TransportKind.Intermediate),
        _ => null,
    };

    /// <summary>Bytes to put behind a message.</summary>
    public int NextTail() => kind == TransportKind.PaddedIntermediate ? RandomNumberGenerator.GetInt32(MaxTail + 1) : 0;

    /// <summary>Writes the head at the end of <paramref name="head"/>.</summary>
    /// <returns>How many bytes of it are used.</returns>
    public int WriteHead(Span<byte> head, int length)
    {
        if (kind != TransportKind.Abridged)
        {
            BinaryPrimitives.WriteInt32LittleEndian(head[^4..], length);
            return 4;
        }
        var words = length / 4;
        if (words < 0x7f)
        {
            head[^1] = (byte)words;
            return 1;
        }
        BinaryPrimitives.WriteInt32LittleEndian(head[^4..], words << 8 | 0x7f);
        return 4;
    }

    public async ValueTask<int> ReadLengthAsync(Func<Memory<byte>, CancellationToken, ValueTask> read, CancellationToken ct)
    {
        var head = new byte[4];
        if (kind != TransportKind.Abridged)
        {
            await read(head, ct);
            // The highest bit asks for a quick ack; it is not part of the length.
            return BinaryPrimitives.ReadInt32LittleEndian(head) & 0x7fffffff;
        }
        await read(head.AsMemory(0, 1), ct);
        var words = head[0] & 0x7f;
        if (words < 0x7f) return words * 4;
        await read(head.AsMemory(0, 3), ct);
        return BinaryPrimitives.ReadInt32LittleEndian(head) * 4;
    }
}
