using System.Runtime.InteropServices;

namespace Holdfast.Core.Sources.Rules;

/// <summary>What the rules say of one path, for the walk to pass down.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RuleVerdict
{
    /// <summary>An exclude pattern names it: neither it nor anything below is visited.</summary>
    public bool Excluded { get; init; }

    /// <summary>It is mirrored: include or track names it, or there is no such list.</summary>
    public bool Included => NamedByInclude || Tracked;

    /// <summary>It is mirrored and older snapshots keep it.</summary>
    public bool Tracked { get; init; }

    /// <summary>The include list names it or a folder above it.</summary>
    public bool NamedByInclude { get; init; }

    /// <summary>A folder that is not included itself but may hold something that is.</summary>
    public bool MayHoldIncluded { get; init; }

    /// <summary>The pattern that decided here; null when the folder above did, or nothing had to.</summary>
    public Rule? DecidedBy { get; init; }

    /// <summary>The verdict for the source's root.</summary>
    public static RuleVerdict Start(ScanRules rules) =>
        rules.NamesEverything ? new RuleVerdict { Tracked = true, MayHoldIncluded = true } : new RuleVerdict { MayHoldIncluded = true };
}
