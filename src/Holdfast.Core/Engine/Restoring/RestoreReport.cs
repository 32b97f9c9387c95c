using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>What a restore did.</summary>
public sealed record RestoreReport
{
    /// <summary>What was restored.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>True when nothing was written.</summary>
    public bool DryRun { get; init; }

    /// <summary>What was counted, and what could not be restored.</summary>
    public required RestoreCounters Counters { get; init; }

    /// <summary>Things to know once: metadata that could not be set, links that became files.</summary>
    public IReadOnlyCollection<string> Remarks { get; init; } = [];

    /// <summary>True when nothing is missing.</summary>
    public bool IsComplete => Counters.FailureCount == 0 && !Snapshot.IsIncomplete;
}
