using System.Globalization;
using System.Text;

namespace Holdfast.Core.Jobs;

/// <summary>Lengths of time as people write them: <c>300s</c>, <c>1h30m</c>, <c>14d</c>, <c>2w</c>.</summary>
public static class Duration
{
    private static readonly (char Letter, TimeSpan Length)[] Units =
    [
        ('w', TimeSpan.FromDays(7)),
        ('d', TimeSpan.FromDays(1)),
        ('h', TimeSpan.FromHours(1)),
        ('m', TimeSpan.FromMinutes(1)),
        ('s', TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads whole numbers with units, each unit once, largest first: w, d, h, m (minutes), s.</summary>
    /// <exception cref="FormatException">It is no length of time; says what to write.</exception>
    public static TimeSpan Parse(string text)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            throw new FormatException($"'{text}' has no unit; write {text}s, {text}m, {text}h, {text}d or {text}w");
        var total = TimeSpan.Zero;
        var unit = -1;
        for (var i = 0; i < text.Length || unit < 0; i++)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
                i++;
            var next = i < text.Length ? Array.FindIndex(Units, u => u.Letter == text[i]) : -1;
            if (i == start || next <= unit || !int.TryParse(text.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                throw new FormatException($"'{text}' is no length of time; write it like 300s, 1h30m, 14d or 2w");
            unit = next;
            if (count * Units[unit].Length.TotalDays > 365_000)
                throw new FormatException($"'{text}' is longer than a thousand years");
            total += count * Units[unit].Length;
        }
        return total;
    }

    /// <summary>Writes what <see cref="Parse"/> reads. Fractions of a second are dropped.</summary>
    public static string Format(TimeSpan length)
    {
        var text = new StringBuilder();
        foreach (var (letter, unit) in Units)
        {
            // People count in days: 14d, 90d. Weeks are read, not written.
            if (letter == 'w')
                continue;
            var count = length.Ticks / unit.Ticks;
            if (count == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{count}{letter}");
            length -= count * unit;
        }
        return text.Length == 0 ? "0s" : text.ToString();
    }
}
