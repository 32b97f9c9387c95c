namespace Holdfast.Core.Targets;

/// <summary>Snapshots by their tags, as in restic: a snapshot is meant when it has every tag of one of the lists.</summary>
/// <param name="Lists">The lists; one without tags means snapshots without tags. No list means every snapshot.</param>
public sealed record TagFilter(IReadOnlyList<IReadOnlyList<string>> Lists)
{
    /// <summary>The filter of what was typed, a text a list.</summary>
    /// <exception cref="FormatException">A tag is none.</exception>
    public static TagFilter Parse(IEnumerable<string> texts) => new([.. texts.Select(t => t.Length == 0 ? [] : SnapshotTags.ParseList(t))]);

    /// <summary>True when the snapshot is meant.</summary>
    public bool Accepts(Snapshot snapshot) =>
        Lists.Count == 0 || Lists.Any(list => list.Count == 0 ? snapshot.Tags.Count == 0 : list.All(t => snapshot.Tags.Contains(t, StringComparer.Ordinal)));
}
