namespace Holdfast.Core.Sources.Rules;

/// <summary>A set in brackets: <c>[abc]</c>, <c>[a-z]</c>, <c>[!a]</c>, <c>[[:digit:]]</c>. A ']' right after the opening is a member.</summary>
internal static class CharacterSet
{
    /// <summary>The length of the set at the start of <paramref name="pattern"/>, or -1 when it is not closed or names an unknown class.</summary>
    public static int Length(ReadOnlySpan<byte> pattern) => Scan(pattern, null, out _);

    /// <summary>True when the byte is in the set.</summary>
    public static bool Contains(ReadOnlySpan<byte> set, byte value)
    {
        Scan(set, value, out var contains);
        return contains;
    }

    private static int Scan(ReadOnlySpan<byte> p, byte? wanted, out bool contains)
    {
        contains = false;
        var i = 1;
        var negated = i < p.Length && p[i] is (byte)'!' or (byte)'^';
        if (negated)
            i++;
        var found = false;
        for (var first = true; ; first = false)
        {
            if (i >= p.Length)
                return -1;
            if (p[i] == ']' && !first)
                break;
            if (p[i] == '[' && i + 1 < p.Length && p[i + 1] == ':')
            {
                var end = p[(i + 2)..].IndexOf(":]"u8);
                if (end < 0 || IsInClass(p.Slice(i + 2, end), 0) is null)
                    return -1;
                found |= wanted is { } w && IsInClass(p.Slice(i + 2, end), w) == true;
                i += end + 4;
                continue;
            }
            if (!Member(p, ref i, out var low))
                return -1;
            var high = low;
            if (i + 1 < p.Length && p[i] == '-' && p[i + 1] != ']')
            {
                i++;
                if (!Member(p, ref i, out high))
                    return -1;
            }
            found |= wanted is { } value && value >= low && value <= high;
        }
        contains = found != negated;
        return i + 1;
    }

    private static bool Member(ReadOnlySpan<byte> p, ref int i, out byte value)
    {
        if (p[i] == '\\')
            i++;
        value = i < p.Length ? p[i++] : (byte)0;
        return i <= p.Length && value != 0;
    }

    private static bool? IsInClass(ReadOnlySpan<byte> name, byte b)
    {
        var c = (char)b;
        var ascii = b < 128;
        if (name.SequenceEqual("alnum"u8)) return ascii && char.IsAsciiLetterOrDigit(c);
        if (name.SequenceEqual("alpha"u8)) return ascii && char.IsAsciiLetter(c);
        if (name.SequenceEqual("blank"u8)) return b is (byte)' ' or (byte)'\t';
        if (name.SequenceEqual("cntrl"u8)) return b is < 32 or 127;
        if (name.SequenceEqual("digit"u8)) return char.IsAsciiDigit(c);
        if (name.SequenceEqual("graph"u8)) return b is > 32 and < 127;
        if (name.SequenceEqual("lower"u8)) return char.IsAsciiLetterLower(c);
        if (name.SequenceEqual("print"u8)) return b is >= 32 and < 127;
        if (name.SequenceEqual("punct"u8)) return ascii && (char.IsPunctuation(c) || char.IsSymbol(c));
        if (name.SequenceEqual("space"u8)) return b is (byte)' ' or (>= 9 and <= 13);
        if (name.SequenceEqual("upper"u8)) return char.IsAsciiLetterUpper(c);
        if (name.SequenceEqual("xdigit"u8)) return char.IsAsciiHexDigit(c);
        return null;
    }
}
