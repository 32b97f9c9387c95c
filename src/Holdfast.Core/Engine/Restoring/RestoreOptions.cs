using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>What is restored, where to, and what may happen to what is there.</summary>
public sealed record RestoreOptions
{
    /// <summary>Paths of the snapshot, each with all below it; empty for everything.</summary>
    public IReadOnlyList<EntryPath> Paths { get; init; } = [];

    /// <summary>The absolute folder that paths are put under, made when it is missing; null to restore in place.</summary>
    public string? To { get; init; }

    /// <summary>Without <see cref="To"/>: where each source lies.</summary>
    public IReadOnlyList<RestoreRoot> InPlace { get; init; } = [];

    /// <summary>Path and whether it is a folder → restored; a folder covers all below it. Null: everything.</summary>
    public Func<EntryPath, bool, bool>? Include { get; init; }

    /// <summary>Path and whether it is a folder → left out, a folder with all below it; beats <see cref="Include"/>. Also kept from <see cref="Delete"/>.</summary>
    public Func<EntryPath, bool, bool>? Exclude { get; init; }

    /// <summary>What becomes of what is already there.</summary>
    public Overwrite Overwrite { get; init; } = Overwrite.Changed;

    /// <summary>Compares the contents of files of equal size, instead of their times.</summary>
    public bool Checksum { get; init; }

    /// <summary>Removes from restored folders what the snapshot does not have in them.</summary>
    public bool Delete { get; init; }

    /// <summary>The share of the files found there, 0 to 1, that <see cref="Delete"/> may remove without asking.</summary>
    public double MaxDelete { get; init; } = 0.25;

    /// <summary>Turns the deletion brake off.</summary>
    public bool AllowDeletions { get; init; }

    /// <summary>Reads every written file back from the disk and compares its SHA-256 before it gets its name.</summary>
    public bool Verify { get; init; }

    /// <summary>Changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Called with every change of a dry run, in path order; or null.</summary>
    public Action<EntryPath, RestoreAction>? OnPlanned { get; init; }

    /// <summary>Files written at once; 1 is strictly sequential, null follows the device.</summary>
    public int? Workers { get; init; }
}
