using System.Globalization;
using System.Text;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>UTF-8 text in ASCII lines of at most 76 characters that people can still read (RFC 2045, 6.7).</summary>
internal static class QuotedPrintable
{
    private const int Longest = 76;

    /// <summary>Encodes it; lines of the result end with CR LF.</summary>
    public static string Of(string text)
    {
        var result = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            Line(result, Encoding.UTF8.GetBytes(line));
            result.Append("\r\n");
        }
        result.Length -= 2; // What ends the text is the text's own.
        return result.ToString();
    }

    private static void Line(StringBuilder result, byte[] line)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var isLast = i == line.Length - 1;
            var isPlain = line[i] is > 32 and < 127 and not (byte)'=' || (line[i] is 32 or 9 && !isLast); // Blanks at a line's end get lost.
            var width = isPlain ? 1 : 3;
            if (column + width > (isLast ? Longest : Longest - 1))
            {
                result.Append("=\r\n");
                column = 0;
            }
            column += width;
            if (isPlain)
                result.Append((char)line[i]);
            else
                result.Append(CultureInfo.InvariantCulture, $"={line[i]:X2}");
        }
    }
}
