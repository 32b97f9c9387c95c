using System.Text;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>Text of any letters in a mail's header (RFC 2047).</summary>
internal static class EncodedWord
{
    // A line with an encoded word has at most 76 characters: "Subject: =?utf-8?B?" and "?=" are 21 of them, 39 bytes make 52 in base64.
    private const int MostBytes = 39;

    // RFC 5322: a line has at most 998 characters; before that readers' programs would break it where they like.
    private const int LongestPlain = 60;

    /// <summary>As it is where that is allowed, else in words of base64, none of which cuts a letter in two.</summary>
    public static string Of(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)); // A line break would begin another header.
        return line.Length <= LongestPlain && line.All(char.IsAscii) && !line.Contains("=?", StringComparison.Ordinal) ? line : string.Join("\r\n ", Words(line));
    }

    /// <summary>A person's name: in quotes when it is ASCII.</summary>
    public static string OfName(string name)
    {
        var encoded = Of(name);
        return encoded.StartsWith("=?", StringComparison.Ordinal) ? encoded : $"\"{encoded.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static IEnumerable<string> Words(string text)
    {
        var word = new List<byte>();
        var letter = new byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(letter);
            if (word.Count + length > MostBytes)
            {
                yield return Word(word);
                word.Clear();
            }
            word.AddRange(letter.AsSpan(0, length));
        }
        yield return Word(word);
    }

    private static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";
}
