using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>An entry of a snapshot, with the target's own number that says where the contents lie.</summary>
public sealed record SnapshotEntry(Entry Entry, long Version);
