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

    /// <summary>Reads <see cref="ToString"/>'s form: <c>SECONDS.NNNNNNNNN</c>; the part after the point may be missing or shorter.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Timestamp Parse(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        var seconds = long.Parse(point < 0 ? text : text[..point], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (point < 0)
            return new Timestamp(seconds, 0);
        var digits = text[(point + 1)..];
        if (digits.Length is 0 or > 9)
            throw new FormatException($"'{text}' is not a time: after the point stand 1 to 9 digits.");
        var nanoseconds = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        for (var i = digits.Length; i < 9; i++)
            nanoseconds *= 10;
        return new Timestamp(seconds, nanoseconds);
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

    /// <summary><c>SECONDS.NNNNNNNNN</c>, the form <c>touch -d @…</c> takes. Nanoseconds count forwards, also before 1970.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:D9}");
}
