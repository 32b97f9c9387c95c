namespace Holdfast.Testing.PowerLoss;

/// <summary>What one power loss leaves behind.</summary>
/// <param name="Cut">How many operations had been asked for.</param>
/// <param name="Policy">What the disk had kept of those that were not durable.</param>
/// <param name="Image">What the disk holds.</param>
/// <param name="Promises">The log's marks before the cut.</param>
/// <param name="Last">The last operation before the cut, for messages.</param>
public sealed record PowerLossCase(int Cut, PowerLossPolicy Policy, DiskImage Image, IReadOnlyList<string> Promises, Operation? Last)
{
    public override string ToString() => $"power lost after {Cut} operations (the last: {Last?.ToString() ?? "none"}), {Policy}";
}
