using System.Globalization;
using Holdfast.Core.FileSystem;

namespace Holdfast.Mirror.History;

/// <summary>The increments of a place follow one another: each names the number of the one before it.</summary>
internal static class Chain
{
    /// <summary>Where increments are missing: the one before the gap (null at the beginning) and the one after.</summary>
    public static IEnumerable<(Increment? Before, Increment After)> Gaps(IReadOnlyList<Increment> increments, Func<Increment, long?> parentOf)
    {
        for (var i = 0; i < increments.Count; i++)
        {
            var before = i == 0 ? null : increments[i - 1];
            if (parentOf(increments[i]) != before?.Number)
                yield return (before, increments[i]);
        }
    }

    /// <summary>The same, for people; empty for a whole chain.</summary>
    public static IReadOnlyList<string> Warnings(IFolderReader place, IReadOnlyList<Increment> increments, Func<Increment, long?> parentOf) =>
        [.. Gaps(increments, parentOf).Select(gap => string.Create(
            CultureInfo.InvariantCulture,
            $"{place.Display}: the increments between {gap.Before?.Id ?? "the beginning"} and {gap.After.Id} are missing, removed by hand perhaps; what only they told of is unknown to the snapshots from {gap.After.Id} on. Put them back if you can; the next backup brings the newest snapshot in order"))];
}
