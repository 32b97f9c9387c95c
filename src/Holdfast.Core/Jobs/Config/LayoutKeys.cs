using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.JobOptions>;
using static Holdfast.Core.Jobs.TargetKind;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of a job that only some layouts know.</summary>
internal static class LayoutKeys
{
    public static ConfigKey<JobOptions>[] Any { get; } =
    [
        Key("mode", Forms.Choice("upload", "sync"), o => o.Layout.Mode, (o, v) => Set(o, o.Layout with { Mode = v }),
            "`upload` only adds to the library; `sync` keeps folder and library the same in both directions.", "sync", "upload", Library),
        Key("tags", JobForms.Tags, o => o.Tags, (o, v) => o with { Tags = v },
            "What the job's snapshots are marked with, so that `snapshots --tag` lists and `keep: {tags: …}` keeps them.", "[laptop, weekly]", null, Mirror),
        Key("split", Forms.AtLeastOne, o => o.Layout.Split, (o, v) => Set(o, o.Layout with { Split = v }),
            "Every file is saved again after this many runs, so this many volumes hold everything.", "5", "5", Volumes),
        Key("compress", Forms.Choice("none", "zstd", "xz"), o => o.Layout.Compress, (o, v) => Set(o, o.Layout with { Compress = v }),
            "How volumes are compressed.", "xz", "zstd", Volumes),
        Key("gpg_passphrase_file", Forms.Path, o => o.Layout.GpgPassphraseFile, (o, v) => Set(o, o.Layout with { GpgPassphraseFile = v }),
            "The file that holds the passphrase volumes are encrypted with.", "/etc/holdfast/volumes.pass", "volumes are not encrypted", Volumes),
        Key("volume_size", Forms.Size, o => o.Layout.VolumeSize, (o, v) => Set(o, o.Layout with { VolumeSize = v }),
            "Another volume begins when one holds this much, before compression.", "4GB", "one volume a run", Volumes),
        Key("keep_deleted", Forms.Duration, o => o.Layout.KeepDeleted, (o, v) => Set(o, o.Layout with { KeepDeleted = v }),
            "How long the last copy of a deleted file stays.", "90d", "90d in volumes, for ever in a library", Volumes, Library),
        Key("store", new SectionForm<StoreOptions>(StoreKeys.Section), o => o.Layout.Store, (o, v) => Set(o, o.Layout with { Store = v }),
            "How a store that is no folder is reached; of a library behind a server, its limits.", "{profile: backup, region: eu-central-1}", null, Volumes, Library, Repository),
        Key("password_file", Forms.Path, o => o.Layout.PasswordFile, (o, v) => Set(o, o.Layout with { PasswordFile = v }),
            "The file that holds the repository's password.", "~/.config/holdfast/offsite.key", "it is asked for", Repository),
        Key("token_file", Forms.Path, o => o.Layout.TokenFile, (o, v) => Set(o, o.Layout with { TokenFile = v }),
            "The file that holds the token a library server gave out.", "~/.config/holdfast/nas.token", null, Library),
        Key("message_limit", Forms.AtLeastOne, o => o.Layout.MessageLimit, (o, v) => Set(o, o.Layout with { MessageLimit = v }),
            "Messages committed at once.", "2000", "2000", Archive),
        Key("concurrent_downloads", Forms.AtLeastOne, o => o.Layout.ConcurrentDownloads, (o, v) => Set(o, o.Layout with { ConcurrentDownloads = v }),
            "Media downloaded at once.", "4", "4", Archive),
    ];

    public static ConfigKey<JobOptions>[] OfOneJob { get; } =
    [
        Key("database", JobForms.Database, o => o.Layout.Database, (o, v) => Set(o, o.Layout with { Database = v }),
            "Of an archive: the PostgreSQL database messages go to. Of volumes: the file that caches what they hold, or with `/` at its end a folder for the files of several disks in turn.", "postgres://holdfast@localhost/holdfast", "SQLite: of an archive in the place, of volumes in the state folder", Archive, Volumes),
        Key("chats", ChatKeys.Chats, Chats, (o, v) => Set(o, o.Layout with { Chats = [.. v.Select(c => c.Value with { Chat = c.Name })] }),
            "The chats to archive, by number or @name.", "{\"-1001234567890\": {}, \"@news\": {range: [500, 0]}}", "all chats", Archive),
    ];

    private static JobOptions Set(JobOptions options, LayoutOptions layout) => options with { Layout = layout };

    private static List<Named<ChatSelection>> Chats(JobOptions options) => [.. options.Layout.Chats.Select(c => new Named<ChatSelection>(c.Chat, 0, c))];
}
