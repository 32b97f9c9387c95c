namespace Holdfast.Mtproto.Files;

/// <summary>Which parts of a file are done: what a transfer needs to go on after a restart.</summary>
public sealed class PartSet
{
    private readonly byte[] _bits;
    private readonly Lock _gate = new();

    /// <summary>None of them.</summary>
    /// <param name="count">How many there are.</param>
    public PartSet(int count) : this(count, new byte[(count + 7) / 8])
    {
    }

    private PartSet(int count, byte[] bits)
    {
        Count = count;
        _bits = bits;
        for (var i = 0; i < count; i++) Done += Has(i) ? 1 : 0;
    }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>How many are done.</summary>
    public int Done { get; private set; }

    /// <summary>From <see cref="ToBytes"/>.</summary>
    /// <param name="count">How many parts there are.</param>
    /// <param name="bytes">A bit a part.</param>
    public static PartSet FromBytes(int count, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != (count + 7) / 8) throw new ArgumentException("The bits do not fit the number of parts.", nameof(bytes));
        return new PartSet(count, bytes.ToArray());
    }

    /// <summary>Whether a part is done.</summary>
    /// <param name="part">Its number, from 0.</param>
    public bool Has(int part)
    {
        lock (_gate) return (_bits[part >> 3] >> (part & 7) & 1) != 0;
    }

    /// <summary>A bit a part, the first part in the lowest bit.</summary>
    public byte[] ToBytes()
    {
        lock (_gate) return (byte[])_bits.Clone();
    }

    internal void Add(int part)
    {
        lock (_gate)
        {
            if ((_bits[part >> 3] >> (part & 7) & 1) != 0) return;
            _bits[part >> 3] |= (byte)(1 << (part & 7));
            Done++;
        }
    }

    internal void Remove(int part)
    {
        lock (_gate)
        {
            if ((_bits[part >> 3] >> (part & 7) & 1) == 0) return;
            _bits[part >> 3] &= (byte)~(1 << (part & 7));
            Done--;
        }
    }
}
