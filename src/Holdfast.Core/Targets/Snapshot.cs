namespace Holdfast.Core.Targets;

/// <summary>A source at one time, as a target can give it back.</summary>
/// <param name="Id">Its name in the place.</param>
/// <param name="Number">Its number in the place: order comes from here, not from clocks.</param>
/// <param name="Time">When its run began, by the client's clock.</param>
/// <param name="Client">Who made it.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Statistics">What it added.</param>
public sealed record Snapshot(string Id, long Number, DateTimeOffset Time, string Client, string Job, SnapshotStatistics Statistics)
{
    /// <summary>What people marked it with, sorted; empty when nothing.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True when part of what its run recorded is lost: it lists what can still be known, and may lack paths.</summary>
    public bool IsIncomplete { get; init; }
}
