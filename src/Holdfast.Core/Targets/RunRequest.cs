
namespace Holdfast.Core.Targets;

/// <summary>What a target must know to begin a run.</summary>
public sealed record RunRequest
{
    /// <summary>The client's name.</summary>
    public required string Client { get; init; }

    /// <summary>The job's name.</summary>
    public required string Job { get; init; }

    /// <summary>The source's folders, absolute.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The client's state folder, for caches that may be deleted at any time.</summary>
    public required string StateFolder { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the run's snapshot is marked with. A target that keeps no tags passes over them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The place's id, when the config states it.</summary>
    public string? PlaceId { get; init; }

    /// <summary>True for a target named on the command line: an absent or empty folder becomes a place by itself.</summary>
    public bool IsAdHoc { get; init; }

    /// <summary>True when nothing may be written.</summary>
    public bool DryRun { get; init; }

    /// <summary>How long to wait for the place's lock.</summary>
    public TimeSpan WaitForLock { get; init; }

    /// <summary>Compare the contents of every file, whatever size and time say.</summary>
    public bool Checksum { get; init; }
}
