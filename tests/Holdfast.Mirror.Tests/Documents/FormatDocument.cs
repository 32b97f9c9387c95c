using System.Text.RegularExpressions;

namespace Holdfast.Mirror.Tests.Documents;

/// <summary>docs/formats/mirror.md.</summary>
internal static partial class FormatDocument
{
    public static string Text { get; } = Read();

    /// <summary>The shell recipe: the block after its mark.</summary>
    public static string Recipe => RecipeBlock().Match(Text) is { Success: true } found ? found.Groups["script"].Value : throw new InvalidOperationException("The document holds no recipe.");

    private static string Read()
    {
        using var stream = typeof(FormatDocument).Assembly.GetManifestResourceStream("mirror.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^<!-- recipe.*?-->\n```bash\n(?<script>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex RecipeBlock();
}
