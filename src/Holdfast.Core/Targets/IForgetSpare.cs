namespace Holdfast.Core.Targets;

/// <summary>A target where a snapshot may only go when nothing else depends on what it holds.</summary>
public interface IForgetSpare : IForget
{
    /// <summary>The snapshots that may go, oldest first.</summary>
    IReadOnlyList<Snapshot> Spare();
}
