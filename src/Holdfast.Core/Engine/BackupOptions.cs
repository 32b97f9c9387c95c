using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Engine;

/// <summary>How one run is to be done.</summary>
public sealed record BackupOptions
{
    /// <summary>What is included, tracked, excluded.</summary>
    public ScanRules Rules { get; init; } = ScanRules.Everything;

    /// <summary>Files read at once; null follows the device.</summary>
    public int? Workers { get; init; }

    /// <summary>The share of a target's files, 0 to 1, that may be removed without asking.</summary>
    public double MaxDelete { get; init; } = 0.25;

    /// <summary>Turns the deletion brake off for this run.</summary>
    public bool AllowDeletions { get; init; }

    /// <summary>Compares the contents of every file, whatever size and time say.</summary>
    public bool Checksum { get; init; }

    /// <summary>Plans and reports, writes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Called with every change of a dry run, or null.</summary>
    public Action<Targets.IBackupTarget, Targets.Change>? OnPlanned { get; init; }
}
