using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>
/// What belongs to a source. Without include and track everything is tracked; otherwise only what they name is mirrored,
/// and only what track names has a history. Exclude beats both.
/// </summary>
public sealed record ScanRules
{
    /// <summary>Everything, tracked.</summary>
    public static ScanRules Everything { get; } = new();

    /// <summary>Mirrored without history.</summary>
    public RuleList Include { get; init; } = RuleList.Empty;

    /// <summary>Mirrored with history.</summary>
    public RuleList Track { get; init; } = RuleList.Empty;

    /// <summary>Left out.</summary>
    public RuleList Exclude { get; init; } = RuleList.Empty;

    /// <summary>A folder that holds a file of one of these names is left out with everything below it.</summary>
    public IReadOnlyList<string> ExcludeIfPresent { get; init; } = [];

    /// <summary>Leaves out folders tagged by CACHEDIR.TAG.</summary>
    public bool ExcludeCaches { get; init; }

    /// <summary>Leaves out files of more bytes.</summary>
    public long? ExcludeLargerThan { get; init; }

    /// <summary>Does not enter folders on other file systems.</summary>
    public bool OneFileSystem { get; init; }

    /// <summary>Leaves files for a later run that changed less than this ago.</summary>
    public TimeSpan? MinAge { get; init; }

    /// <summary>Only these paths and what lies below the folders among them; null for all.</summary>
    public PathSet? FilesFrom { get; init; }

    /// <summary>True when no list names anything, so that everything is tracked.</summary>
    public bool NamesEverything => Include.IsEmpty && Track.IsEmpty;

    /// <summary>The verdict for a path, given that of the folder that holds it.</summary>
    public RuleVerdict Decide(in RuleVerdict parent, EntryPath path, bool isFolder)
    {
        if (Exclude.LastMatch(path, isFolder) is { Negated: false } excluded)
            return new RuleVerdict { Excluded = true, DecidedBy = excluded };
        if (NamesEverything)
            return parent with { DecidedBy = null };

        var include = Include.LastMatch(path, isFolder);
        var track = Track.LastMatch(path, isFolder);
        var included = include is null ? parent.NamedByInclude : !include.Negated;
        var tracked = track is null ? parent.Tracked : !track.Negated;
        return new RuleVerdict
        {
            NamedByInclude = included,
            Tracked = tracked,
            // The list that gives the path what it has; the other one's pattern has no say in that.
            DecidedBy = tracked ? track : included ? include : track ?? include,
            MayHoldIncluded = isFolder && (included || tracked || Include.MayNameBelow(path) || Track.MayNameBelow(path)),
        };
    }
}
