namespace Holdfast.Library.Replicating;

/// <summary>How a library is to be copied.</summary>
public sealed record ReplicaOptions
{
    /// <summary>The share of the copy's files, 0 to 1, that may be removed or replaced without asking.</summary>
    public double MaxDelete { get; init; } = 0.25;

    /// <summary>Turns the deletion brake off. An empty source empties no copy even then.</summary>
    public bool AllowDeletions { get; init; }

    /// <summary>Only find out what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Leave files alone that were written to less than this ago.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);
}
