namespace Holdfast.Cli.Output;

/// <summary>Columns as wide as they must be. A title that begins with '>' makes its column stand to the right.</summary>
internal sealed class Table(params string[] titles)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [titles.Select(t => t.TrimStart('>')).ToArray()];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        var widths = titles.Select((_, i) => _rows.Max(r => DisplayWidth.Of(r[i]))).ToArray();
        foreach (var row in _rows)
            output.WriteLine(string.Join(Gap, row.Select((cell, i) => Padded(cell, widths[i], titles[i][0] == '>'))).TrimEnd());
    }

    private static string Padded(string cell, int width, bool right)
    {
        var padding = new string(' ', width - DisplayWidth.Of(cell));
        return right ? padding + cell : cell + padding;
    }
}
