using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Mtproto.Tl;

/// <summary>Reads one element of a vector.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="r">Where from.</param>
public delegate T TlElement<out T>(ref TlReader r);

/// <summary>
/// Reads the type language's binary form (https://core.telegram.org/mtproto/serialize).
/// Every length is checked against what is left before anything is allocated, and nesting has a limit, so hostile bytes cost an exception and nothing more.
/// </summary>
public ref struct TlReader
{
    internal const uint VectorId = 0x1cb5c415;
    private const uint TrueId = 0x997275b5;
    private const uint FalseId = 0xbc799737;
    private const int MaxDepth = 96;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _depth;

    /// <summary>A reader at the start of some bytes.</summary>
    /// <param name="bytes">What to read.</param>
    public TlReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Left => _bytes.Length - Position;

    /// <summary>What is left, unread.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>The next four bytes without reading them.</summary>
    public readonly uint PeekUInt32() => Left >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[Position..]) : throw Short(4);

    internal ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Left) throw Short(count);
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    internal double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    internal Int128Bytes Int128() => Int128Bytes.From(Take(16));

    internal Int256Bytes Int256() => Int256Bytes.From(Take(32));

    internal bool Bool() => UInt32() switch
    {
        TrueId => true,
        FalseId => false,
        var id => throw TlException.Unknown(id, "Bool"),
    };

    internal string String() => Encoding.UTF8.GetString(BytesSpan());

    internal ReadOnlyMemory<byte> Bytes()
    {
        var bytes = BytesSpan();
        // A part of a file is half a megabyte: to clear it first would cost as much as to copy it.
        var copy = GC.AllocateUninitializedArray<byte>(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }

    /// <summary>The bytes in place: they live as long as the reader's own memory.</summary>
    internal ReadOnlySpan<byte> BytesSpan()
    {
        int length = Take(1)[0];
        var head = 1;
        if (length == 254)
        {
            var three = Take(3);
            length = three[0] | three[1] << 8 | three[2] << 16;
            head = 4;
        }
        else if (length == 255)
        {
            throw new TlException("A string of the eight-byte form is not part of this protocol.");
        }
        var bytes = Take(length);
        Take(-(head + length) & 3);
        return bytes;
    }

    internal T[] Vector<T>(TlElement<T> element)
    {
        Expect(VectorId, "Vector");
        return BareVector(element);
    }

    internal T[] BareVector<T>(TlElement<T> element)
    {
        var count = Int32();
        // Every element takes four bytes at least, so a count beyond that is a lie and must not size an array.
        if (count < 0 || count > Left / 4) throw new TlException($"A vector of {count} elements does not fit into the {Left} bytes that are left.");
        var items = new T[count];
        for (var i = 0; i < items.Length; i++) items[i] = element(ref this);
        return items;
    }

    internal void Expect(uint id, string type)
    {
        var actual = UInt32();
        if (actual != id) throw TlException.Unknown(actual, type);
    }

    internal void Enter()
    {
        if (++_depth > MaxDepth) throw new TlException($"Values nest deeper than {MaxDepth}.");
    }

    internal void Leave() => _depth--;

    private readonly TlException Short(int wanted) => new($"{wanted} bytes are wanted at {Position}, {Left} are left.");
}
