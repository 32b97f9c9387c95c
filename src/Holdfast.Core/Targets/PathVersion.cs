using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>What one path was from one snapshot until another.</summary>
/// <param name="From">The snapshot that brought it.</param>
/// <param name="Kind">What that snapshot found: new, changed, metadata or moved.</param>
/// <param name="Entry">The path as it was then.</param>
public sealed record PathVersion(Snapshot From, ChangeKind Kind, SnapshotEntry Entry)
{
    /// <summary>For <see cref="ChangeKind.Moved"/>: where the contents lay before, when it is known.</summary>
    public EntryPath? MovedFrom { get; init; }

    /// <summary>The snapshot that has something else in its place, or nothing; null when the newest has it still.</summary>
    public Snapshot? Until { get; init; }

    /// <summary>True when <see cref="Until"/> has nothing in its place.</summary>
    public bool EndsDeleted { get; init; }

    /// <summary>True when the version was there when the snapshot was made. An untracked one is listed by the newest snapshot only.</summary>
    public bool IsOf(Snapshot snapshot) =>
        From.Number <= snapshot.Number && (Until is null || snapshot.Number < Until.Number);

    /// <summary>True when a snapshot lists this version.</summary>
    public bool IsListedBy(Snapshot snapshot, Snapshot newest) =>
        IsOf(snapshot) && (Entry.Entry.Tracked || snapshot.Number == newest.Number);
}
