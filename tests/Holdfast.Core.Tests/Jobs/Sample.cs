using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Tests.Jobs;

/// <summary>Configs of tests, in a made-up home.</summary>
internal static class Sample
{
    public const string Folder = "/home/me/backup";

    /// <summary>The sample of the design, section 7.</summary>
    public const string Design = """
        client: laptop                        # default: the host's name
        state: ~/.local/state/holdfast        # catalog, plans, caches, logs, sessions
        log: {level: info, dir: logs, keep_days: 14}   # no dir = console only
        defaults: {exclude: ["*.tmp", Thumbs.db], exclude_if_present: .nobackup, exclude_caches: true, one_file_system: true}
        jobs:
          documents:
            from: ~/Documents                 # one or several
            to: mirror:/media/usb/backup      # one or several
            include: [Notes/, readme.md]
            track: [Projects/, todo.txt]
            exclude: [Cache/, "*.log", "regex:\\.bak$"]
            keep: {last: 5, hourly: 24, daily: 7, weekly: 4, monthly: 12, yearly: 3, within: 14d}
            workers: 8
            schedule: "0 20 * * *"            # cron; or "every 6h", "on-mount"
            before: ./dump-db.sh              # hooks: before, after, on_failure
          offsite: {from: [~/Documents, ~/Photos], to: "repository:s3:https://s3.example.org/bucket/laptop", password_file: ~/.config/holdfast/offsite.key}
          photos: {from: ~/Photos, to: "library:https://nas.local:8420", mode: sync, token_file: ~/.config/holdfast/nas.token}   # sync: one target; upload: several
          etc: {from: /etc, to: "volumes:/mnt/archive", split: 5, min_age: 300s, exclude_if_present: .bkexclude, compress: xz, gpg_passphrase_file: /etc/holdfast/volumes.pass, keep_deleted: 90d}
          chats:
            from: telegram
            to: archive:/media/telegram
            database: postgres://holdfast@localhost/holdfast
            chats: {"-1001234567890": {}, "@news": {range: [500, 0]}}
            message_limit: 2000               # committed at once; Telegram gives 100 a call
            concurrent_downloads: 4
        telegram: {api_id: 1, api_hash_file: ~/.config/holdfast/telegram.hash, session: telegram.session, session_key_file: ~/.config/holdfast/session.key}
        notify: {email: {smtp: smtp.example.org:587, user: me, password_file: ~/.config/holdfast/smtp, from: me@example.org, to: [me@example.org], when: failure}}
        """;

    public static ConfigEnvironment Environment(params (string Name, string Value)[] variables) => new()
    {
        Variable = name => variables.FirstOrDefault(v => v.Name == name).Value,
        Home = "/home/me",
        WorkingFolder = Folder,
        ProgramFolder = "/opt/holdfast",
        HostName = "host",
    };

    public static HoldfastConfig Load(string text, params (string Name, string Value)[] variables) =>
        ConfigLoader.Parse(text, $"{Folder}/holdfast.yaml", Environment(variables));

    /// <summary>One job 'a' from /src to mirror:/dst, with further lines of YAML.</summary>
    public static Job Job(string lines, params (string Name, string Value)[] variables) =>
        Load($"jobs:\n  a:\n    from: /src\n    to: mirror:/dst\n    {lines.ReplaceLineEndings("\n    ")}\n", variables).Find("a");
}
