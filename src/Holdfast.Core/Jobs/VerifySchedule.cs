namespace Holdfast.Core.Jobs;

/// <summary>How the daemon proves a job's copies.</summary>
public sealed record VerifySchedule
{
    /// <summary>How often.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The share of the bytes, 0 to 1, that is read back each time, the oldest first.</summary>
    public double Share { get; init; } = 0.05;

    /// <summary>Files, chosen at random, that are restored to a temporary folder each time and compared.</summary>
    public int Drill { get; init; } = 20;
}
