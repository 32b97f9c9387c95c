namespace Holdfast.Library.Scanning;

/// <summary>How a scan is to be done.</summary>
public sealed record ScanOptions
{
    /// <summary>A file that was written to less than this ago may be half a copy; it is left for the next scan.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The share of the files, 0 to 1, that may be gone without asking.</summary>
    public double MaxDelete { get; init; } = 0.25;

    /// <summary>Turns the deletion brake off, and takes what lies on a file system that is not mounted any more for removed.</summary>
    public bool AllowDeletions { get; init; }

    /// <summary>Turns the deletion brake off: whatever is gone comes back.</summary>
    public bool IsReplica { get; init; }

    /// <summary>Is told of every file that was looked at: how many so far, and how many bytes had to be read; or null.</summary>
    public Action<long, long>? OnProgress { get; init; }

    /// <summary>Is told of everything that was found, as it is found; or null.</summary>
    public Action<ScanFinding>? OnFound { get; init; }
}
