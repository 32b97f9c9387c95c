using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>What a run did.</summary>
public sealed record RunReport
{
    /// <summary>The job's name.</summary>
    public required string Job { get; init; }

    /// <summary>The client's name.</summary>
    public required string Client { get; init; }

    /// <summary>The source's folders.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>True when nothing was written.</summary>
    public bool DryRun { get; init; }

    /// <summary>What was counted, and what could not be read.</summary>
    public required RunCounters Counters { get; init; }

    /// <summary>One for each target.</summary>
    public required IReadOnlyList<TargetReport> Targets { get; init; }

    /// <summary>True when every target succeeded and no path is missing.</summary>
    public bool IsComplete => Counters.FailureCount == 0 && Targets.All(t => t.Failure is null);
}
