namespace Holdfast.Core.Targets;

/// <summary>What a commit added.</summary>
/// <param name="PlaceId">The place.</param>
/// <param name="Snapshot">The new snapshot, or null when nothing had changed.</param>
public sealed record CommitResult(string PlaceId, Snapshot? Snapshot);
