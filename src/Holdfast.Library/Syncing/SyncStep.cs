using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Something that a sync wants done to the files of a library. It happens only when the path holds what the client thinks.</summary>
public sealed record SyncStep
{
    /// <summary>What.</summary>
    public required SyncStepKind Kind { get; init; }

    /// <summary>To which path; for a move, where to.</summary>
    public required EntryPath Path { get; init; }

    /// <summary>For a move, where from.</summary>
    public EntryPath? From { get; init; }

    /// <summary>What the path (of a move: <see cref="From"/>) must hold now; null when nothing may lie there.</summary>
    public ContentId? Expected { get; init; }

    /// <summary>For a put: the file, with content, size, mtime and mode.</summary>
    public Entry? Entry { get; init; }

    /// <summary>For a put: the bytes; null when the library said that it holds them.</summary>
    public IStagedContent? Staged { get; init; }

    /// <summary>For a removal: true when the contents are still wanted elsewhere, so that no decision is recorded.</summary>
    public bool IsWanted { get; init; }
}

/// <summary>What a sync wants done to a path.</summary>
public enum SyncStepKind
{
    /// <summary>It gets contents; what it had goes to the trash.</summary>
    Put,

    /// <summary>The file gets another path.</summary>
    Move,

    /// <summary>The file goes to the trash.</summary>
    Remove,
}

/// <summary>What became of a step.</summary>
public enum StepOutcome
{
    /// <summary>It is done, durably.</summary>
    Done,

    /// <summary>The path does not hold what the client thought; nothing was done. The next run looks again.</summary>
    Changed,

    /// <summary>The library does not hold the contents, and none were sent; nothing was done.</summary>
    Missing,

    /// <summary>The contents were deleted for good; nothing was done.</summary>
    DeletedForGood,

    /// <summary>No file of a library can have that name, or another file has one that some systems take for the same.</summary>
    Unfit,
}
