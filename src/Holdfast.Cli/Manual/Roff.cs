using System.Text;

namespace Holdfast.Cli.Manual;

/// <summary>Text for man(7).</summary>
internal sealed class Roff
{
    private readonly StringBuilder _text = new();

    /// <summary>A heading.</summary>
    public void Section(string title) => Request("SH", title);

    /// <summary>A term, and beneath it what it means.</summary>
    public void Term(string term, string meaning)
    {
        _text.Append(".TP\n.B ").Append(Quoted(term)).Append('\n');
        Paragraph(meaning);
    }

    /// <summary>A line as it is typed.</summary>
    public void Typed(string line) => _text.Append(".PP\n.nf\n.B ").Append(Quoted(line)).Append("\n.fi\n");

    /// <summary>Running text.</summary>
    public void Paragraph(string text) => _text.Append(Line(text)).Append('\n');

    /// <summary>A macro with arguments.</summary>
    public void Request(string macro, params ReadOnlySpan<string> arguments)
    {
        _text.Append('.').Append(macro);
        foreach (var argument in arguments)
            _text.Append(' ').Append(Quoted(argument));
        _text.Append('\n');
    }

    public override string ToString() => _text.ToString();

    // groff_char(7): these would become typographic signs, and what is typed has to be copied.
    private static string Escaped(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("'", "\\(aq", StringComparison.Ordinal).Replace("`", "\\(ga", StringComparison.Ordinal)
        .Replace("^", "\\(ha", StringComparison.Ordinal).Replace("~", "\\(ti", StringComparison.Ordinal);

    // A dot at a line's beginning would be a request; so would a quote, which is escaped already.
    private static string Line(string text) => (text.StartsWith('.') ? "\\&" : "") + Escaped(text);

    private static string Quoted(string text) => $"\"{Escaped(text).Replace("\"", "\\(dq", StringComparison.Ordinal)}\"";
}
