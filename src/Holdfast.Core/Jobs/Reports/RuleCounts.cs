using Holdfast.Core.Sources;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>A rule's name in config and JSON, and in a sentence.</summary>
public sealed record RuleName(string Key, string Words);

/// <summary>What each rule kept out of a run, under the rule's name in the config.</summary>
public static class RuleCounts
{
    /// <summary>All rules, in the order of the manual.</summary>
    public static IEnumerable<(RuleName Rule, long Count)> Of(ScanCounters counters) =>
    [
        (new("exclude", "excluded by pattern"), counters.Excluded),
        (new("include", "not named by include or track"), counters.NotIncluded),
        (new("exclude_if_present", "folders with a flag file"), counters.FlagFile),
        (new("exclude_caches", "caches"), counters.Caches),
        (new("exclude_larger_than", "too large"), counters.TooLarge),
        (new("one_file_system", "on other file systems"), counters.OtherFileSystems),
        (new("min_age", "changed just now, left for the next run"), counters.TooRecent),
        (new("files_from", "not in the list of files"), counters.NotListed),
    ];
}
