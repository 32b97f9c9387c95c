using System.Collections.Concurrent;
using System.Globalization;

namespace Holdfast.Core.FileSystem;

/// <summary>Things to say once in the report, however many entries they concern.</summary>
public sealed class Remarks
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Notes one more entry it concerns; from any thread.</summary>
    /// <param name="text">What, with {0} for the number of entries.</param>
    public void Add(string text) => _counts.AddOrUpdate(text, 1, (_, count) => count + 1);

    /// <summary>Notes something that is said as it stands.</summary>
    public void Say(string text) => Add(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>One text each, with its number.</summary>
    public IReadOnlyCollection<string> All =>
        [.. _counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => string.Format(CultureInfo.InvariantCulture, c.Key, c.Value))];
}
