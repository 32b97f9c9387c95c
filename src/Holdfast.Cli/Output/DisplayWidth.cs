using System.Globalization;
using System.Text;

namespace Holdfast.Cli.Output;

/// <summary>How many columns of a terminal a text takes (UAX #11, the ranges that matter for names).</summary>
internal static class DisplayWidth
{
    public static int Of(string text) => text.EnumerateRunes().Sum(Of);

    /// <summary>The end of a text that fits, with '…' before it when something was cut off.</summary>
    public static string Tail(string text, int columns)
    {
        if (columns <= 0)
            return "";
        if (Of(text) <= columns)
            return text;
        var runes = text.EnumerateRunes().ToArray();
        var first = runes.Length;
        for (var width = 1; first > 0 && width + Of(runes[first - 1]) <= columns; first--)
            width += Of(runes[first - 1]);
        return "…" + string.Concat(runes.Skip(first).Select(r => r.ToString()));
    }

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    private static bool IsWide(int value) => value
        is (>= 0x1100 and <= 0x115F)
        or (>= 0x2E80 and <= 0xA4CF)
        or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1FAFF)
        or (>= 0x20000 and <= 0x3FFFD);
}
