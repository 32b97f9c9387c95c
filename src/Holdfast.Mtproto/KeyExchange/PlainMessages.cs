using System.Buffers.Binary;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.KeyExchange;

/// <summary>Unencrypted messages: eight zero bytes, the message id, the length, the body.</summary>
internal static class PlainMessages
{
    private const int Head = 20;

    public static async Task SendAsync(FrameStream stream, long messageId, ITlObject body, CancellationToken ct)
    {
        using var w = new TlWriter(1024);
        w.Reserve(Framing.MaxHead);
        w.Int64(0);
        w.Int64(messageId);
        w.Int32(0);
        body.WriteTo(w);
        var length = w.Length - Framing.MaxHead;
        BinaryPrimitives.WriteInt32LittleEndian(w.Written[(Framing.MaxHead + 16)..], length - Head);
        w.Reserve(Framing.MaxTail);
        await stream.WriteAsync(w.WrittenMemory, length, ct);
    }

    /// <summary>Reads the body of a plain message.</summary>
    /// <exception cref="TransportErrorException">The server sent an error code instead.</exception>
    public static T Read<T>(ReadOnlySpan<byte> frame, TlElement<T> read)
    {
        TransportErrorException.ThrowIfError(frame);
        var r = new TlReader(frame);
        if (r.Int64() != 0) throw new TlException("An encrypted message came during the key exchange.");
        r.Int64();
        var length = r.Int32();
        if (length < 0 || length > r.Left) throw new TlException("A plain message is shorter than it says.");
        return read(ref r);
    }
}
