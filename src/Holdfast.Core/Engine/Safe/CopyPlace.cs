using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Safe;

/// <summary>A place that is connected, and how long it keeps what it has.</summary>
/// <param name="Name">The target.</param>
/// <param name="Copies">Answers for it.</param>
/// <param name="Kept">From the snapshots that hold something to how long one of them is sure to stay.</param>
public sealed record CopyPlace(string Name, ICopies Copies, Func<IReadOnlyList<Snapshot>, KeptUntil> Kept);
