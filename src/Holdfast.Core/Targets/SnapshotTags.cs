namespace Holdfast.Core.Targets;

/// <summary>
/// Words that people give to snapshots, to find them again and to keep them. Any text without commas, which stand between tags
/// as in restic, and without control characters.
/// </summary>
public static class SnapshotTags
{
    /// <summary>One tag.</summary>
    /// <exception cref="FormatException">It is empty, or holds a comma or a control character.</exception>
    public static string Parse(string text)
    {
        var tag = text.Trim();
        if (tag.Length == 0)
            throw new FormatException("a tag cannot be empty");
        if (tag.Contains(',', StringComparison.Ordinal))
            throw new FormatException($"'{tag}' holds a comma, which stands between tags; give each tag for itself");
        return tag.Any(char.IsControl) ? throw new FormatException("a tag cannot hold control characters") : tag;
    }

    /// <summary>Tags with commas between them.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static IReadOnlyList<string> ParseList(string text) => [.. text.Split(',').Select(Parse)];

    /// <summary>Each tag once, in the order of their characters.</summary>
    public static IReadOnlyList<string> Sorted(IEnumerable<string> tags) => [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
