namespace Holdfast.Core.Catalog;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>Everything is safe.</summary>
    Complete,

    /// <summary>Done, but some files are missing from it.</summary>
    WithGaps,

    /// <summary>Nothing was added.</summary>
    Failed,

    /// <summary>It was ended from outside; nothing was added.</summary>
    Interrupted,
}

/// <summary>One run of a job against one target, as the catalog remembers it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Target">The target as the config names it.</param>
/// <param name="Place">The place's id, when the run got that far.</param>
/// <param name="Snapshot">The new snapshot, or null when nothing had changed.</param>
/// <param name="Started">When it began.</param>
/// <param name="Duration">How long it took, in milliseconds' precision.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Files">Entries of the source.</param>
/// <param name="Bytes">Bytes of the source.</param>
/// <param name="Failures">Paths that are missing from it.</param>
public sealed record CatalogRun(
    string Job,
    string Target,
    string? Place,
    string? Snapshot,
    DateTimeOffset Started,
    TimeSpan Duration,
    RunOutcome Outcome,
    long Files,
    long Bytes,
    long Failures);
