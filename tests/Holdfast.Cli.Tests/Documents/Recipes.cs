using System.Text.RegularExpressions;
using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests.Documents;

/// <summary>The configs of docs/recipes.md, as they stand there.</summary>
internal static class Recipes
{
    public static IReadOnlyDictionary<string, string> All { get; } =
        Regex.Matches(Repository.Read("docs/recipes.md"), "^<!-- recipe: (?<name>\\w+) -->\n```yaml\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["text"].Value, StringComparer.Ordinal);

    /// <summary>A recipe with the paths and names of a test in place of its own; each must occur in it.</summary>
    public static string With(string name, params (string Its, string Ours)[] changes)
    {
        var text = All[name];
        foreach (var (its, ours) in changes)
        {
            text.ShouldContain(its);
            text = text.Replace(its, ours, StringComparison.Ordinal);
        }
        return text;
    }
}
