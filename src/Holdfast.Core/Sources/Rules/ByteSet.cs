namespace Holdfast.Core.Sources.Rules;

/// <summary>A set of bytes: what <c>[…]</c> takes.</summary>
internal sealed class ByteSet
{
    private readonly ulong[] _bits = new ulong[4];

    public bool Contains(byte value) => (_bits[value >> 6] & (1UL << (value & 63))) != 0;

    public void Add(byte value) => _bits[value >> 6] |= 1UL << (value & 63);

    public void Add(byte first, byte last)
    {
        for (int value = first; value <= last; value++)
            Add((byte)value);
    }

    public void Invert()
    {
        for (var i = 0; i < _bits.Length; i++)
            _bits[i] = ~_bits[i];
    }

    /// <summary>Adds a POSIX class, in ASCII; false when there is none of that name.</summary>
    public bool AddClass(ReadOnlySpan<byte> name)
    {
        Func<char, bool>? belongs = System.Text.Encoding.ASCII.GetString(name) switch
        {
            "alnum" => char.IsAsciiLetterOrDigit,
            "alpha" => char.IsAsciiLetter,
            "blank" => c => c is ' ' or '\t',
            "cntrl" => c => c is < ' ' or '\x7f',
            "digit" => char.IsAsciiDigit,
            "graph" => c => c is > ' ' and < '\x7f',
            "lower" => char.IsAsciiLetterLower,
            "print" => c => c is >= ' ' and < '\x7f',
            "punct" => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
            "space" => c => c is ' ' or (>= '\t' and <= '\r'),
            "upper" => char.IsAsciiLetterUpper,
            "xdigit" => char.IsAsciiHexDigit,
            _ => null,
        };
        if (belongs is null)
            return false;
        for (var c = '\0'; c < 128; c++)
            if (belongs(c))
                Add((byte)c);
        return true;
    }
}
