using Holdfast.Core.Jobs;

namespace Holdfast.Core.Engine.Finding;

/// <summary>Sizes of files in bytes, both ends included.</summary>
public sealed record SizeRange(long Least, long Most)
{
    private const string Between = "..";

    /// <summary>Reads <c>+10M</c> (at least), <c>-1k</c> (at most), <c>1k..10M</c> (an end may be missing) or <c>512</c> (exactly).</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static SizeRange Parse(string text)
    {
        if (text.StartsWith('+'))
            return new SizeRange(ByteSize.Parse(text[1..]), long.MaxValue);
        if (text.StartsWith('-'))
            return new SizeRange(0, ByteSize.Parse(text[1..]));
        var dots = text.IndexOf(Between, StringComparison.Ordinal);
        if (dots < 0)
            return new SizeRange(ByteSize.Parse(text), ByteSize.Parse(text));
        var (from, to) = (text[..dots], text[(dots + Between.Length)..]);
        var range = new SizeRange(from.Length == 0 ? 0 : ByteSize.Parse(from), to.Length == 0 ? long.MaxValue : ByteSize.Parse(to));
        return range.Least <= range.Most && text.Length > Between.Length
            ? range
            : throw new FormatException($"'{text}' is no range of sizes; write it like +10M, -1k or 1k..10M");
    }

    /// <summary>True when the size lies within.</summary>
    public bool Holds(long size) => Least <= size && size <= Most;
}
