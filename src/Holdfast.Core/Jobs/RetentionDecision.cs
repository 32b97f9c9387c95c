using Holdfast.Core.Targets;

namespace Holdfast.Core.Jobs;

/// <summary>What retention says of one snapshot.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Reasons">Why it stays, in the order of the rules; empty when nothing keeps it.</param>
public sealed record RetentionDecision(Snapshot Snapshot, IReadOnlyList<string> Reasons)
{
    /// <summary>True when it stays.</summary>
    public bool IsKept => Reasons.Count > 0;
}
