using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Finding;

/// <summary>What is looked for; everything that is set must hold.</summary>
public sealed record FindQuery
{
    /// <summary>Paths, each with all below it; empty for everything.</summary>
    public IReadOnlyList<EntryPath> Under { get; init; } = [];

    /// <summary>Masks of which one must fit; empty for any path.</summary>
    public IReadOnlyList<NameMask> Masks { get; init; } = [];

    /// <summary>Only files of these sizes.</summary>
    public SizeRange? Size { get; init; }

    /// <summary>Only what was modified then or after.</summary>
    public Timestamp? Newer { get; init; }

    /// <summary>Only what was modified before.</summary>
    public Timestamp? Older { get; init; }

    /// <summary>Only what a deletion ended; with <see cref="At"/>, the one which that snapshot noticed.</summary>
    public bool Deleted { get; init; }

    /// <summary>Only files whose SHA-256 begins with these lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Only what this snapshot lists; null for all snapshots.</summary>
    public Snapshot? At { get; init; }

    /// <summary>The part that the path alone decides.</summary>
    internal HistoryQuery Paths => new() { Under = Under, Paths = Masks.Count == 0 ? null : FitsAMask };

    /// <summary>The part that each version of a path decides.</summary>
    internal bool Accepts(Entry entry) =>
        (Size is null || (entry.Type == EntryType.File && Size.Holds(entry.Size)))
        && (Newer is not { } newer || entry.Modified.CompareTo(newer) >= 0)
        && (Older is not { } older || entry.Modified.CompareTo(older) < 0)
        && (Sha256 is null || (entry.Content is { } content && content.ToString().StartsWith(Sha256, StringComparison.Ordinal)));

    private bool FitsAMask(ReadOnlySpan<byte> path)
    {
        foreach (var mask in Masks)
            if (mask.Matches(path))
                return true;
        return false;
    }
}
