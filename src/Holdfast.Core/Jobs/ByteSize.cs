using System.Globalization;

namespace Holdfast.Core.Jobs;

/// <summary>Sizes as people write them, with the suffixes of coreutils: k, M, G, T are powers of 1024, as are KiB, MiB…; kB, MB… are powers of 1000.</summary>
public static class ByteSize
{
    private const string Prefixes = "KMGTP";

    /// <summary>Reads <c>4GB</c>, <c>1.5GiB</c>, <c>100k</c>, <c>512</c>.</summary>
    /// <returns>Bytes.</returns>
    /// <exception cref="FormatException">It is no size; says what to write.</exception>
    public static long Parse(string text)
    {
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        if (!decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || Factor(text[digits..].Trim()) is not { } factor
            || (factor == 1 && number != decimal.Truncate(number)))
            throw new FormatException($"'{text}' is no size; write it like 4GB, 1.5GiB, 100k or 512 (bytes)");
        return number <= long.MaxValue / factor ? (long)(number * factor) : throw new FormatException($"'{text}' is too large");
    }

    /// <summary>Writes what <see cref="Parse"/> reads, exactly: the largest unit that leaves a whole number.</summary>
    public static string Format(long bytes)
    {
        for (var power = Prefixes.Length; power > 0 && bytes > 0; power--)
        {
            if (bytes % Power(1024, power) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / (long)Power(1024, power)}{Prefixes[power - 1]}iB");
            if (bytes % Power(1000, power) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / (long)Power(1000, power)}{(power == 1 ? 'k' : Prefixes[power - 1])}B");
        }
        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static decimal? Factor(string suffix)
    {
        if (suffix is "" or "B")
            return 1;
        var power = Prefixes.IndexOf(char.ToUpperInvariant(suffix[0]), StringComparison.Ordinal) + 1;
        if (power == 0)
            return null;
        return suffix[1..] switch
        {
            "" or "iB" => Power(1024, power),
            "B" => Power(1000, power),
            _ => null,
        };
    }

    private static decimal Power(int factor, int power)
    {
        decimal result = 1;
        for (; power > 0; power--)
            result *= factor;
        return result;
    }
}
