using Holdfast.Core.FileSystem;

namespace Holdfast.Core.Targets;

/// <summary>One file of a place that holds a content, as the place's records say it.</summary>
/// <param name="Entry">The file as the newest snapshot that lists it has it.</param>
/// <param name="Snapshots">The snapshots that hold it, oldest first; empty when it goes as soon as its source does.</param>
public record Copy(SnapshotEntry Entry, IReadOnlyList<Snapshot> Snapshots)
{
    /// <summary>When it was last read back and found right; null when never, or when that is not known.</summary>
    public DateTimeOffset? Verified { get; init; }

    /// <summary>How long the place itself is sure to keep it; null when that is a matter of the job's retention.</summary>
    public KeptUntil? Kept { get; init; }
}

/// <summary>What a look at a copy found.</summary>
/// <param name="Where">The file, as people find it in the place.</param>
/// <param name="Stat">It as it is now; null when it is not there.</param>
/// <param name="Problem">Why it cannot be what the record says; null when nothing speaks against it.</param>
public sealed record CopyState(string Where, FileStat? Stat, string? Problem)
{
    /// <summary>Why it may follow its source before a history holds it, though it is right now; null when it may not.</summary>
    public string? Propagates { get; init; }
}
