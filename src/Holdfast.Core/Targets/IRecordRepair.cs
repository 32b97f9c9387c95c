namespace Holdfast.Core.Targets;

/// <summary>A target whose record can be made anew from what the place holds.</summary>
public interface IRecordRepair
{
    /// <summary>Repairs, under the place's lock.</summary>
    /// <param name="purpose">Who holds the lock, for people.</param>
    /// <param name="wait">How long to wait for the lock.</param>
    /// <param name="cancellationToken">Ends the work; what was not finished is not kept.</param>
    /// <exception cref="Model.HoldfastException">No such place, locked, or a wrong passphrase.</exception>
    Task<RecordRepairResult> RepairRecordAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken);
}

/// <summary>What a repair did.</summary>
/// <param name="Done">In a sentence.</param>
/// <param name="Remarks">What was noticed on the way.</param>
/// <param name="Missing">What cannot be given back any more.</param>
public sealed record RecordRepairResult(string Done, IReadOnlyList<string> Remarks, IReadOnlyList<CheckFinding> Missing);
