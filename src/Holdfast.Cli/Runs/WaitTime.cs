using System.CommandLine;
using System.Globalization;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>What --wait says.</summary>
internal static class WaitTime
{
    public static TimeSpan Of(ParseResult flags)
    {
        if (flags.GetResult(RunFlags.Wait) is not { Implicit: false })
            return TimeSpan.Zero;
        return flags.GetValue(RunFlags.Wait) is { } text ? Parse(text) : TimeSpan.MaxValue;
    }

    private static TimeSpan Parse(string text)
    {
        var unit = text.Length == 0 ? ' ' : text[^1];
        var number = unit is 's' or 'm' or 'h' or 'd' ? text[..^1] : text;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            throw new HoldfastException(ErrorKind.Usage, $"'{text}' is no duration.", "Write it as 90s, 10m, 2h or 1d.");
        return unit switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => TimeSpan.FromSeconds(count),
        };
    }
}
