using System.Globalization;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>An answer of a mail server (RFC 5321, 4.2): three digits, and a text of one or more lines.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int LongestLine = 4096;
    private const int MostLines = 200;

    /// <summary>It did what it was asked, or waits for the rest of it.</summary>
    public bool IsGood => Code is >= 200 and < 400;

    /// <summary>The same may be answered otherwise later.</summary>
    public bool MayPass => Code is < 500 or >= 600;

    /// <summary>Code and text in one line, without what a terminal could take for orders.</summary>
    public string Text => string.Concat(string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join(' ', Lines)}").Where(c => !char.IsControl(c)));

    /// <summary>The words after a keyword of EHLO; null when the server does not name it.</summary>
    public string[]? Offer(string keyword) =>
        Lines.Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(w => w.Length > 0 && w[0].Equals(keyword, StringComparison.OrdinalIgnoreCase))?[1..];

    /// <summary>Reads one.</summary>
    /// <param name="readLine">The next line, without its end.</param>
    /// <exception cref="IOException">It is no answer of a mail server.</exception>
    public static async Task<SmtpReply> ReadAsync(Func<int, Task<string>> readLine)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await readLine(LongestLine).ConfigureAwait(false);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || (line.Length > 3 && line[3] is not (' ' or '-')))
                throw new IOException("what answers there is no mail server");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] is ' ')
                return new SmtpReply(code, lines);
        }
        throw new IOException("its answer has no end");
    }
}
