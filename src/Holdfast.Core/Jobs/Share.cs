using System.Globalization;

namespace Holdfast.Core.Jobs;

/// <summary>Shares as people write them: <c>0.1</c> or <c>10%</c>.</summary>
public static class Share
{
    /// <summary>Reads a share.</summary>
    /// <returns>0 to 1.</returns>
    /// <exception cref="FormatException">It is no share; says what to write.</exception>
    public static double Parse(string text)
    {
        var percent = text.EndsWith('%');
        var number = percent ? text[..^1].TrimEnd() : text;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            throw new FormatException($"'{text}' is no share; write it like 0.25 or 25%");
        if (percent)
            value /= 100;
        if (value > 1)
            throw new FormatException(percent ? $"'{text}' is more than everything" : $"'{text}' is more than everything; a quarter is 0.25 or 25%");
        return (double)value;
    }
}
