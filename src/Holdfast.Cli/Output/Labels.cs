namespace Holdfast.Cli.Output;

/// <summary>Reports are lines with a label in front.</summary>
internal static class Labels
{
    private const int Width = 10;

    public static void Labelled(this TextWriter output, string label, string text) =>
        output.WriteLine((label.PadRight(Width) + text.Replace("\n", "\n" + new string(' ', Width), StringComparison.Ordinal)).TrimEnd());
}
