using System.Buffers;
using System.Net.Sockets;
using Holdfast.Mtproto.Crypto;

namespace Holdfast.Mtproto.Transport;

/// <summary>A received frame in pooled memory.</summary>
internal readonly struct Frame(byte[] buffer, int length) : IDisposable
{
    public Span<byte> Bytes => buffer.AsSpan(0, length);

    public Memory<byte> Memory => buffer.AsMemory(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}

/// <summary>Whole messages over one socket. One reader and one writer may work at the same time.</summary>
internal sealed class FrameStream : IDisposable
{
    private readonly Socket _socket;
    private readonly Framing _framing;
    private readonly AesCtr? _in;
    private readonly AesCtr? _out;
    private readonly byte[] _received = new byte[64 << 10];
    private int _start;
    private int _end;

    public FrameStream(Socket socket, Framing framing, AesCtr? incoming, AesCtr? outgoing)
    {
        _socket = socket;
        _framing = framing;
        _in = incoming;
        _out = outgoing;
    }

    public Framing Framing => _framing;

    /// <exception cref="EndOfStreamException">The other side closed.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask<Frame> ReadAsync(CancellationToken ct)
    {
        var length = await _framing.ReadLengthAsync(FillAsync, ct);
        if (length is <= 0 or > Framing.MaxFrame) throw new InvalidDataException($"A frame of {length} bytes is not part of this protocol.");
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await FillAsync(buffer.AsMemory(0, length), ct);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
        return new Frame(buffer, length);
    }

    /// <summary>Sends one message.</summary>
    /// <param name="packet"><see cref="Framing.MaxHead"/> free bytes, the message, and <see cref="Framing.MaxTail"/> free bytes; encrypted in place.</param>
    /// <param name="length">Bytes of the message.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask WriteAsync(Memory<byte> packet, int length, CancellationToken ct)
    {
        var tail = _framing.NextTail();
        var head = _framing.WriteHead(packet.Span[..Framing.MaxHead], length + tail);
        var wire = packet.Slice(Framing.MaxHead - head, head + length + tail);
        _out?.Apply(wire.Span);
        while (wire.Length > 0) wire = wire[await _socket.SendAsync(wire, SocketFlags.None, ct)..];
    }

    /// <summary>Breaks the connection; both loops then end with an error.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _in?.Dispose();
        _out?.Dispose();
    }

    private async ValueTask FillAsync(Memory<byte> target, CancellationToken ct)
    {
        var all = target;
        while (target.Length > 0)
        {
            if (_start < _end)
            {
                var count = Math.Min(target.Length, _end - _start);
                _received.AsSpan(_start, count).CopyTo(target.Span);
                _start += count;
                target = target[count..];
            }
            else if (target.Length >= _received.Length)
            {
                // A large part goes straight to its place.
                target = target[await ReceiveAsync(target, ct)..];
            }
            else
            {
                _end = await ReceiveAsync(_received, ct);
                _start = 0;
            }
        }
        _in?.Apply(all.Span);
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken ct)
    {
        var count = await _socket.ReceiveAsync(target, SocketFlags.None, ct);
        return count > 0 ? count : throw new EndOfStreamException("The other side closed the connection.");
    }
}
