using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Measuring;

/// <summary>What one snapshot lists and what it cost.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Entries">Entries it lists.</param>
/// <param name="Bytes">Bytes of all files it lists, each name counted.</param>
/// <param name="FilesAdded">Files that the place keeps since this snapshot.</param>
/// <param name="BytesAdded">Their bytes.</param>
public sealed record SnapshotUsage(Snapshot Snapshot, long Entries, long Bytes, long FilesAdded, long BytesAdded);
