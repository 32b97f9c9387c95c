using Holdfast.Core.Sources.Rules;

namespace Holdfast.Library.Syncing;

/// <summary>How a folder and a library are to be made the same.</summary>
public sealed record SyncOptions
{
    /// <summary>What belongs to the folder; what does not is left alone on both sides.</summary>
    public ScanRules Rules { get; init; } = ScanRules.Everything;

    /// <summary>The share of the files of either side, 0 to 1, that may go without asking.</summary>
    public double MaxDelete { get; init; } = 0.25;

    /// <summary>Turns the deletion brake off.</summary>
    public bool AllowDeletions { get; init; }

    /// <summary>Only find out what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Read every file, whatever size and time say.</summary>
    public bool Checksum { get; init; }

    /// <summary>Files transferred and hashed at once; null for as many as there are processors.</summary>
    public int? Workers { get; init; }

    /// <summary>A file of the library that was written to less than this ago may be half a copy.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Is told of everything that is going to be done; or null.</summary>
    public Action<SyncAction>? OnPlanned { get; init; }
}
