using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.Config.FileContents>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys at the top of the file.</summary>
internal static class FileKeys
{
    public static ConfigSection<FileContents> Section { get; } = new("file", new FileContents(),
    [
        Key("client", Forms.Text, f => f.Client, (f, v) => f with { Client = v },
            "This machine's name in the places.", "laptop", "the host's name"),
        Key("state", Forms.Path, f => f.State, (f, v) => f with { State = v },
            "The folder of catalog, plans, caches, logs and sessions. All of it can be made anew.", "~/.local/state/holdfast", "~/.local/state/holdfast"),
        Key("log", new SectionForm<LogOptions>(LogKeys.Section), f => f.Log, (f, v) => f with { Log = v },
            "What is logged, and where.", "{level: info, dir: logs, keep_days: 14}", "to the console only"),
        Key("defaults", new SectionForm<JobOptions>(JobKeys.Defaults), f => f.Defaults, (f, v) => f with { Defaults = v },
            "What holds for every job. Its lists come before the job's own; its other values hold where the job has none.", "{exclude: [\"*.tmp\"]}"),
        Key("jobs", new MapForm<JobOptions>("job", JobKeys.Section, mayBeEmpty: false, JobNameProblem), f => f.Jobs, (f, v) => f with { Jobs = v },
            "The jobs by name.", "{documents: {from: ~/Documents, to: \"mirror:/media/usb/backup\"}}"),
        Key("telegram", new SectionForm<TelegramOptions>(TelegramKeys.Section), f => f.Telegram, (f, v) => f with { Telegram = v },
            "How to sign in to Telegram.", "{api_id: 1, api_hash_file: ~/.config/holdfast/telegram.hash}"),
        Key("notify", new SectionForm<NotifyOptions>(NotifyKeys.Section), f => f.Notify, (f, v) => f with { Notify = v },
            "Who hears of a run.", "{email: {smtp: \"smtp.example.org:587\", from: me@example.org, to: me@example.org}}", "nobody"),
        Key("daemon", new SectionForm<DaemonOptions>(DaemonKeys.Section), f => f.Daemon, (f, v) => f with { Daemon = v },
            "How `holdfast daemon` runs jobs.", "{nice: 10, jitter: 10m}"),
    ],
    null, "jobs");

    // A verb takes a job or a target string or a path, so a job's name must look like neither.
    private static string? JobNameProblem(string name) =>
        name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.') && name[0] is not '-' and not '.'
            ? null
            : "a name is made of letters, digits, '-', '_' and '.'";
}
