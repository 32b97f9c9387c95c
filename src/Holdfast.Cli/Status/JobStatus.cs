using Holdfast.Cli.Output;
using Holdfast.Core.Catalog;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Status;

/// <summary>How a job stands.</summary>
/// <param name="Job">The job.</param>
/// <param name="Targets">Each of its targets.</param>
/// <param name="Daemon">What the daemon does about it.</param>
/// <param name="NextRun">When its schedule is due; null when it has none, or none that names a time.</param>
internal sealed record JobStatus(Job Job, IReadOnlyList<TargetStatus> Targets, DaemonStatus Daemon, DateTimeOffset? NextRun)
{
    /// <summary>The same for people.</summary>
    public string Next => NextRun is { } due ? $"{Sizes.Time(due)} ({Job.Schedule})" : Job.Schedule ?? "-";

    /// <summary>The newest time at which everything was safe in one target at least.</summary>
    public DateTimeOffset? LastGood => Targets.Max(t => t.LastGood?.Started);

    /// <summary>What needs looking at; null when nothing does.</summary>
    public string? Problem => Job.Unsupported
        ?? (Targets.All(t => t.LastGood is null) ? "it has never succeeded"
        : Targets.Any(t => t.Last?.Outcome is RunOutcome.Failed or RunOutcome.Interrupted) ? "its last run failed"
        : Targets.Any(t => t.Last?.Outcome is RunOutcome.WithGaps) ? "files are missing from its last run" : null);
}

/// <summary>What the daemon does about a job.</summary>
/// <param name="IsAlive">A daemon is at work with this state folder.</param>
/// <param name="IsRunning">It runs the job now.</param>
/// <param name="PausedUntil">It begins nothing before this; null when it is not paused.</param>
internal sealed record DaemonStatus(bool IsAlive, bool IsRunning, DateTimeOffset? PausedUntil);

/// <summary>How one target of a job stands.</summary>
/// <param name="Name">The target.</param>
/// <param name="LastGood">The last run after which everything was safe there.</param>
/// <param name="Last">The last run.</param>
/// <param name="Connected">The place as it is now; null when it is not connected, or another's.</param>
/// <param name="Problem">Why it is not connected.</param>
/// <param name="Drill">The last restore drill; null when none was held.</param>
/// <param name="Others">Other places that were seen under the same name: disks in rotation, or this one when it is not connected.</param>
internal sealed record TargetStatus(string Name, CatalogRun? LastGood, CatalogRun? Last, ConnectedPlace? Connected, string? Problem, IReadOnlyList<CatalogPlace> Others, Drill? Drill);

/// <summary>A place that is connected.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Snapshots">How many it has.</param>
/// <param name="Newest">When the newest of them was made.</param>
/// <param name="Verification">How much of it was read back; null when it cannot tell.</param>
internal sealed record ConnectedPlace(string Id, int Snapshots, DateTimeOffset? Newest, VerificationState? Verification);
