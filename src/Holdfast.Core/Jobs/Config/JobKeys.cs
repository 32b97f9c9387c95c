using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.JobOptions>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of a job, and those of them that may stand in <c>defaults</c>.</summary>
internal static class JobKeys
{
    private static readonly ConfigKey<JobOptions>[] Ends =
    [
        Key("from", JobForms.Sources, o => o.From, (o, v) => o with { From = v },
            "What is backed up: one or several folders or files, or `telegram`.", "~/Documents"),
        Key("to", JobForms.Targets, o => o.To, (o, v) => o with { To = v },
            "One or several targets: `mirror:`, `library:`, `repository:`, `volumes:` or `archive:` and where.", "mirror:/media/usb/backup"),
        Key("place", Forms.Text, o => o.Place, (o, v) => o with { Place = v },
            "The id of the place that is meant; another one is refused. `holdfast init` prints it.", "4c1f9a0e", "the place the first run met"),
    ];

    private static readonly ConfigKey<JobOptions>[] Running =
    [
        Key("keep", new SectionForm<Retention>(KeepKeys.Section), o => o.Keep, (o, v) => o with { Keep = v },
            "Which snapshots stay after a good run: those that any of these rules names.", "{last: 5, daily: 7, within: 14d}", "nothing is forgotten"),
        Key("max_delete", Forms.Share, o => o.MaxDelete, (o, v) => o with { MaxDelete = v },
            "A run that would remove a larger share of the files (and at least 100) stops before it changes anything.", "10%", "25%"),
        Key("checksum", Forms.Flag, o => o.Checksum, (o, v) => o with { Checksum = v },
            "Compares the contents of every file, whatever size and time say.", "true", "false"),
        Key("workers", Forms.AtLeastOne, o => o.Workers, (o, v) => o with { Workers = v },
            "Files read at once; 1 is strictly one after the other.", "8", "follows the device"),
        Key("schedule", JobForms.Schedule, o => o.Schedule, (o, v) => o with { Schedule = v },
            "When the daemon runs the job: five fields as in cron, `every 6h` or `on-mount`.", "\"0 20 * * *\"", "only by hand"),
        Key("alert_after", Forms.Duration, o => o.AlertAfter, (o, v) => o with { AlertAfter = v },
            "The daemon tells those of `notify` when the job has not succeeded for this long.", "3d", "nobody is told"),
        Key("verify", new SectionForm<VerifySchedule>(VerifyKeys.Section), o => o.Verify, (o, v) => o with { Verify = v },
            "How often the daemon reads copies back and holds a restore drill.", "{every: 7d, share: 10%, drill: 20}", "only by hand (`check --read-data --drill`)"),
        Key("before", JobForms.Commands, o => o.Before, (o, v) => o with { Before = v },
            "Shell commands to run before, in the config's folder; if one fails, the job does not run. The shell expands `${NAME}`.", "./dump-db.sh"),
        Key("after", JobForms.Commands, o => o.After, (o, v) => o with { After = v },
            "Shell commands to run after a good run.", "./after.sh"),
        Key("on_failure", JobForms.Commands, o => o.OnFailure, (o, v) => o with { OnFailure = v },
            "Shell commands to run after a run that failed.", "./failed.sh"),
    ];

    public static ConfigSection<JobOptions> Section { get; } =
        new("job", new JobOptions(), [.. Ends, .. RuleKeys.All, .. Running, .. LayoutKeys.Any, .. LayoutKeys.OfOneJob], null, "from", "to");

    public static ConfigSection<JobOptions> Defaults { get; } =
        new("defaults", new JobOptions(), [.. RuleKeys.All, .. Running, .. LayoutKeys.Any])
        {
            Elsewhere = ([.. Ends.Concat(LayoutKeys.OfOneJob).Select(k => k.Name)], "a job"),
        };
}
