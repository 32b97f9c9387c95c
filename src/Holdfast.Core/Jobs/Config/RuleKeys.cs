using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.JobOptions>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of a job that say what belongs to its source.</summary>
internal static class RuleKeys
{
    public static ConfigKey<JobOptions>[] All { get; } =
    [
        Key("include", JobForms.Patterns, o => o.Include, (o, v) => o with { Include = v },
            "What is copied without history. With `include` or `track`, only what they name is copied.", "[Notes/, readme.md]", "everything is tracked"),
        Key("track", JobForms.Patterns, o => o.Track, (o, v) => o with { Track = v },
            "What is copied with history.", "[Projects/, todo.txt]", "everything is tracked"),
        Key("exclude", JobForms.Patterns, o => o.Exclude, (o, v) => o with { Exclude = v },
            "What is left out, even when `include` or `track` name it.", "[Cache/, \"*.log\", \"regex:\\\\.bak$\"]"),
        Key("exclude_if_present", JobForms.Names, o => o.ExcludeIfPresent, (o, v) => o with { ExcludeIfPresent = v },
            "A folder that holds a file of one of these names is left out with all below it.", ".nobackup"),
        Key("exclude_caches", Forms.Flag, o => o.ExcludeCaches, (o, v) => o with { ExcludeCaches = v },
            "Leaves out folders that say they are caches (CACHEDIR.TAG).", "true", "false"),
        Key("exclude_larger_than", Forms.Size, o => o.ExcludeLargerThan, (o, v) => o with { ExcludeLargerThan = v },
            "Leaves out files larger than this.", "4GB", "no limit"),
        Key("one_file_system", Forms.Flag, o => o.OneFileSystem, (o, v) => o with { OneFileSystem = v },
            "Does not enter folders on other file systems.", "true", "false"),
        Key("min_age", Forms.Duration, o => o.MinAge, (o, v) => o with { MinAge = v },
            "Leaves a file that changed less than this ago for the next run, at most 3 times in a row.", "300s", "0s"),
    ];
}
