using System.Globalization;
using System.Runtime.InteropServices;

namespace Holdfast.Core.Model;

/// <summary>A moment as file systems keep it: seconds since 1970-01-01T00:00:00Z, possibly negative, and nanoseconds (0 to 999,999,999).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Timestamp(long Seconds, int Nanoseconds) : IComparable<Timestamp>
{
    private const int Billion = 1_000_000_000;

    /// <summary>The same moment as .NET counts it, cut to 100 ns and to the years .NET can hold.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var seconds = Math.Clamp(Seconds, -62_135_596_800, 253_402_300_799);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Nanoseconds / 100);
    }

    /// <summary>Reads a .NET moment.</summary>
    public static Timestamp From(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0 ? new Timestamp(seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100) : new Timestamp(seconds, (int)rest * 100);
    }

    /// <summary>Reads <see cref="ToString"/>'s form: a decimal number of seconds; the part after the point may be missing or shorter.</summary>
    /// <exception cref="FormatException">The text is something else, or no moment a file system could hold.</exception>
    public static Timestamp Parse(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        if (!long.TryParse(point < 0 ? text : text[..point], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            throw new FormatException($"'{text}' is not a time: it must be a number of seconds.");
        if (point < 0)
            return new Timestamp(seconds, 0);
        var digits = text[(point + 1)..];
        if (digits.Length is 0 or > 9 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds))
            throw new FormatException($"'{text}' is not a time: after the point stand 1 to 9 digits.");
        for (var i = digits.Length; i < 9; i++)
            nanoseconds *= 10;
        if (text[0] != '-' || nanoseconds == 0)
            return new Timestamp(seconds, nanoseconds);
        return seconds > long.MinValue ? new Timestamp(seconds - 1, Billion - nanoseconds) : throw new FormatException($"'{text}' is too long ago.");
    }

    /// <inheritdoc/>
    public int CompareTo(Timestamp other)
    {
        var seconds = Seconds.CompareTo(other.Seconds);
        return seconds != 0 ? seconds : Nanoseconds.CompareTo(other.Nanoseconds);
    }

    /// <summary>True when both moments lie in one step of a clock that counts in <paramref name="resolution"/> nanoseconds, or less than a step apart.</summary>
    public bool EqualsWithin(Timestamp other, long resolution)
    {
        if (this == other)
            return true;
        if (resolution <= 1)
            return false;
        var difference = ((Int128)Seconds - other.Seconds) * Billion + (Nanoseconds - other.Nanoseconds);
        return Int128.Abs(difference) < resolution;
    }

    /// <summary>
    /// Seconds as a decimal number with nine places, <c>SECONDS.NNNNNNNNN</c>: the form <c>touch -d @…</c> takes and
    /// <c>stat -c %.9Y</c> gives. Half a second before 1970 is <c>-0.500000000</c>, though it is kept as -1 s and 500,000,000 ns.
    /// </summary>
    public override string ToString() => Seconds >= 0 || Nanoseconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:D9}")
        : string.Create(CultureInfo.InvariantCulture, $"-{-(Seconds + 1)}.{Billion - Nanoseconds:D9}");
}
