namespace Holdfast.Core.Jobs;

/// <summary>The grammar of <c>schedule</c>: five fields as in cron, <c>every 6h</c>, or <c>on-mount</c>.</summary>
public static class ScheduleText
{
    private static readonly (string Name, int Least, int Most, string[] Words)[] Fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day of the month", 1, 31, []),
        ("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of the week", 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>What is wrong with a schedule, or null.</summary>
    public static string? Problem(string text)
    {
        if (text is "on-mount")
            return null;
        if (text.StartsWith("every ", StringComparison.Ordinal))
            return EveryProblem(text[6..].Trim());
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields.Length)
            return $"'{text}' is no schedule; write five fields as in cron (\"0 20 * * *\"), \"every 6h\" or \"on-mount\"";
        for (var i = 0; i < fields.Length; i++)
            if (!fields[i].Split(',').All(part => IsPart(part, i)))
                return $"'{fields[i]}' is no {Fields[i].Name} in the schedule '{text}'; it goes from {Fields[i].Least} to {Fields[i].Most}";
        return null;
    }

    /// <summary>The values that one of the five fields of a valid schedule allows: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).</summary>
    internal static IReadOnlySet<int> Values(string field, int index)
    {
        var (_, least, most, _) = Fields[index];
        var values = new HashSet<int>();
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') is [var before, var after] ? (before, int.Parse(after, System.Globalization.CultureInfo.InvariantCulture)) : (part, 1);
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var (first, last) = range is "*" ? (least, most)
                : dash < 0 ? (Number(range, index)!.Value, Number(range, index)!.Value)
                : (Number(range[..dash], index)!.Value, Number(range[(dash + 1)..], index)!.Value);
            for (var value = first; value <= last; value += step)
                values.Add(value);
        }
        return values;
    }

    private static string? EveryProblem(string length)
    {
        try
        {
            return Duration.Parse(length) < TimeSpan.FromMinutes(1) ? "a schedule cannot be shorter than a minute (every 1m)" : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    // *, */5, 7, 1-5, 1-5/2
    private static bool IsPart(string part, int field)
    {
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        var range = slash < 0 ? part : part[..slash];
        if (slash >= 0 && !(int.TryParse(part.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var step) && step > 0))
            return false;
        if (range is "*")
            return true;
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
            return slash < 0 && Number(range, field) is not null;
        return Number(range[..dash], field) is { } first && Number(range[(dash + 1)..], field) is { } last && first <= last;
    }

    private static int? Number(string text, int field)
    {
        var (_, least, most, words) = Fields[field];
        var word = Array.IndexOf(words, text.ToLowerInvariant());
        if (word >= 0)
            return word + least;
        return int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number >= least && number <= most ? number : null;
    }
}
