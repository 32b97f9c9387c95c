using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Mtproto.Tl;

/// <summary>Writes the type language's binary form into a pooled buffer that grows.</summary>
public sealed class TlWriter : IDisposable
{
    private byte[] _buffer;

    /// <summary>An empty writer.</summary>
    /// <param name="capacity">Bytes to begin with.</param>
    public TlWriter(int capacity = 256) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public Span<byte> Written => _buffer.AsSpan(0, Length);

    internal Memory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>The bytes of one object.</summary>
    /// <param name="value">What to write.</param>
    public static byte[] ToBytes(ITlObject value)
    {
        using var writer = new TlWriter();
        value.WriteTo(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Length = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    internal void Clear() => Length = 0;

    /// <summary>Makes room for so many bytes more at once, instead of growing towards them.</summary>
    internal void Expect(int count)
    {
        if (_buffer.Length - Length < count) Grow(count);
    }

    /// <summary>Room for <paramref name="count"/> bytes that the caller fills.</summary>
    internal Span<byte> Reserve(int count)
    {
        Expect(count);
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    internal void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    internal void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    internal void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    internal void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);

    internal void Bool(bool value) => UInt32(value ? 0x997275b5 : 0xbc799737);

    internal void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    internal void String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        var head = BytesHead(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        Pad(head + length);
    }

    internal void Bytes(ReadOnlySpan<byte> value)
    {
        var head = BytesHead(value.Length);
        Raw(value);
        Pad(head + value.Length);
    }

    internal void VectorHead(int count)
    {
        UInt32(TlReader.VectorId);
        Int32(count);
    }

    private int BytesHead(int length)
    {
        if (length < 254)
        {
            Reserve(1)[0] = (byte)length;
            return 1;
        }
        if (length >= 1 << 24) throw new TlException($"A string of {length} bytes is longer than the type language can say.");
        UInt32((uint)length << 8 | 254);
        return 4;
    }

    private void Pad(int length) => Reserve(-length & 3).Clear();

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + count));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
