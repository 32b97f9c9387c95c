using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>What a run did to one target.</summary>
public sealed record TargetReport
{
    /// <summary>The target as the config names it.</summary>
    public required string Target { get; init; }

    /// <summary>The place's id, when the run got that far.</summary>
    public string? PlaceId { get; init; }

    /// <summary>The new snapshot, or null when nothing had changed or the target failed.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>What was planned and done.</summary>
    public required SnapshotStatistics Statistics { get; init; }

    /// <summary>Copies in the place that were damaged or lost and were made anew.</summary>
    public long Mended { get; init; }

    /// <summary>Things to know once: what the place cannot hold.</summary>
    public IReadOnlyCollection<string> Remarks { get; init; } = [];

    /// <summary>What the target counted beside the statistics: a name and a value each.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Figures { get; init; } = [];

    /// <summary>Why the target failed, or null.</summary>
    public Exception? Failure { get; init; }
}
