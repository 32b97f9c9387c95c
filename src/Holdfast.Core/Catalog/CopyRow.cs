using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Catalog;

/// <summary>One row of the table of copies; ordered by path and first snapshot.</summary>
/// <param name="Path">A <see cref="StoredPath"/>.</param>
/// <param name="First">Number of the first snapshot that lists it so.</param>
/// <param name="Last">Number of the last one; null while the newest lists it.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Size">How many.</param>
/// <param name="Tracked">False when only the newest snapshot lists it.</param>
internal sealed record CopyRow(byte[] Path, long First, long? Last, ContentId Content, long Size, bool Tracked) : IComparable<CopyRow>
{
    /// <summary>Null for what is no file.</summary>
    public static CopyRow? Of(PathVersion version) => version.Entry.Entry is { Type: EntryType.File, Content: { } content } entry
        ? new CopyRow(StoredPath.Write(entry.Path), version.From.Number, version.Until?.Number - 1, content, entry.Size, entry.Tracked)
        : null;

    public int CompareTo(CopyRow? other)
    {
        var paths = Path.AsSpan().SequenceCompareTo(other!.Path);
        return paths != 0 ? paths : First.CompareTo(other.First);
    }

    /// <summary>True when the other has nothing else to say of the same path and first snapshot.</summary>
    public bool Says(CopyRow other) => Last == other.Last && Content == other.Content && Tracked == other.Tracked;

    /// <summary>True when the other is the same copy from the snapshot after this one's last.</summary>
    public bool IsContinuedBy(CopyRow next) => Last + 1 == next.First && Content == next.Content && Tracked == next.Tracked;
}
