using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.StoreOptions>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>store</c>.</summary>
internal static class StoreKeys
{
    private static readonly ScalarForm<RateTimetable> Rate = new("a size, or a timetable", (text, _) => RateTimetable.Parse(text), v => v.Text, Forms.TextSchema);

    public static ConfigSection<StoreOptions> Section { get; } = new("store", new StoreOptions(),
    [
        Key("profile", Forms.Text, s => s.Profile, (s, v) => s with { Profile = v },
            "The profile of the credentials file whose keys are used.", "backup", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else AWS_PROFILE, else `default`"),
        Key("credentials_file", Forms.Path, s => s.CredentialsFile, (s, v) => s with { CredentialsFile = v },
            "The file that holds the keys, in the form of `~/.aws/credentials`.", "~/.config/holdfast/s3.credentials", "`~/.aws/credentials`"),
        Key("region", Forms.Text, s => s.Region, (s, v) => s with { Region = v },
            "The engine's region.", "eu-central-1", "AWS_REGION, else us-east-1"),
        Key("ca_file", Forms.Path, s => s.CaFile, (s, v) => s with { CaFile = v },
            "A file of PEM certificates: the engine's must be signed by one of these.", "~/.config/holdfast/ca.pem", "AWS_CA_BUNDLE, else those the system trusts"),
        Key("path_style", Forms.Flag, s => s.PathStyle, (s, v) => s with { PathStyle = v },
            "`true` puts the bucket into the path (HOST/BUCKET), `false` before the host (BUCKET.HOST).", "true", "false for amazonaws.com, true for all others"),
        Key("storage_class", Forms.Text, s => s.StorageClass, (s, v) => s with { StorageClass = v },
            "The storage class of new objects. One that must be thawed before it can be read does not work: what was put is read back.", "STANDARD_IA", "the bucket's own"),
        Key("connections", Forms.AtLeastOne, s => s.Connections, (s, v) => s with { Connections = v },
            "Calls at once.", "4", "4"),
        Key("tries", Forms.AtLeastOne, s => s.Tries, (s, v) => s with { Tries = v },
            "How often a call is tried that failed for a reason that may pass.", "10", "6"),
        Key("upload_limit", Rate, s => s.UploadLimit, (s, v) => s with { UploadLimit = v },
            "Bytes a second that are put at most; by the time of the day as in rclone's `--bwlimit`.", "\"08:00,512k 18:00,off\"", "no limit"),
        Key("download_limit", Rate, s => s.DownloadLimit, (s, v) => s with { DownloadLimit = v },
            "Bytes a second that are read at most.", "10MB", "no limit"),
    ]);
}
