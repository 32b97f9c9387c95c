using System.Globalization;

namespace Holdfast.Core.Jobs;

/// <summary>
/// Bytes a second by the clock on the wall, as rclone's <c>--bwlimit</c> takes them: one rate, or rates that hold each from its
/// time on (<c>08:00,512k 18:00,off</c>), on all days or from a day of the week (<c>Mon-08:00,512k</c>).
/// </summary>
public sealed class RateTimetable : IEquatable<RateTimetable>
{
    private const int MinutesOfDay = 24 * 60;
    private static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private readonly SortedList<int, long?> _rates = []; // By the minute of the week, which begins on Sunday.

    private RateTimetable(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The same at all times.</summary>
    /// <param name="rate">Bytes a second, at least 1.</param>
    public static RateTimetable Always(long rate)
    {
        var table = new RateTimetable(ByteSize.Format(rate));
        table._rates[0] = rate;
        return table;
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is none; says what to write.</exception>
    public static RateTimetable Parse(string text)
    {
        if (!text.Contains(',', StringComparison.Ordinal))
            return Always(Rate(text) ?? throw new FormatException($"'{text}': leave it out for no limit"));
        var table = new RateTimetable(text);
        foreach (var entry in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var comma = entry.IndexOf(',', StringComparison.Ordinal);
            var (days, time) = comma < 0 ? ([], null) : Time(entry[..comma]);
            if (time is not { } minute)
                throw new FormatException($"'{entry}' is no time with its rate; write HH:MM,RATE or Mon-HH:MM,RATE, for example '08:00,512k 18:00,off'");
            foreach (var day in days)
                if (!table._rates.TryAdd((day * MinutesOfDay) + minute, Rate(entry[(comma + 1)..])))
                    throw new FormatException($"'{entry}': that time has a rate already");
        }
        return table;
    }

    /// <summary>Bytes a second at a time; null for no limit.</summary>
    /// <param name="local">By the clock on the wall.</param>
    public long? At(DateTime local)
    {
        var minute = ((int)local.DayOfWeek * MinutesOfDay) + (local.Hour * 60) + local.Minute;
        var last = _rates.Values[^1]; // What began last week goes on until the first of this one.
        foreach (var (from, rate) in _rates)
        {
            if (from > minute)
                break;
            last = rate;
        }
        return last;
    }

    /// <inheritdoc/>
    public bool Equals(RateTimetable? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RateTimetable);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    private static long? Rate(string text) =>
        text is "off" ? null : ByteSize.Parse(text) is > 0 and var rate ? rate : throw new FormatException("a rate of 0 would move no bytes at all; write 'off' for no limit");

    private static (IEnumerable<int> Days, int? Minute) Time(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var day = dash < 0 ? -1 : Array.FindIndex(Days, d => d.Equals(text[..dash], StringComparison.OrdinalIgnoreCase));
        var isTime = TimeOnly.TryParseExact(text[(dash + 1)..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        return isTime && (dash < 0 || day >= 0) ? (dash < 0 ? Enumerable.Range(0, Days.Length) : [day], (time.Hour * 60) + time.Minute) : ([], null);
    }
}
