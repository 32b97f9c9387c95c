namespace Holdfast.Core.Jobs;

/// <summary>Options that only some layouts know. Null and empty say nothing.</summary>
public sealed record LayoutOptions
{
    /// <summary>library: "upload" or "sync".</summary>
    public string? Mode { get; init; }

    /// <summary>volumes: a file is saved again after this many runs.</summary>
    public int? Split { get; init; }

    /// <summary>volumes: "none", "zstd" or "xz".</summary>
    public string? Compress { get; init; }

    /// <summary>volumes: the file that holds the passphrase.</summary>
    public string? GpgPassphraseFile { get; init; }

    /// <summary>volumes: bytes of archive after which another volume begins.</summary>
    public long? VolumeSize { get; init; }

    /// <summary>How long the last copy of a deleted file stays.</summary>
    public TimeSpan? KeepDeleted { get; init; }

    /// <summary>repository: the file that holds the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>library: the file that holds the token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>archive: a PostgreSQL address, null for SQLite in the place. volumes: the file of the cache, or with '/' at the end a folder for those of several places.</summary>
    public string? Database { get; init; }

    /// <summary>archive: which chats; empty for all.</summary>
    public IReadOnlyList<ChatSelection> Chats { get; init; } = [];

    /// <summary>archive: messages committed at once.</summary>
    public int? MessageLimit { get; init; }

    /// <summary>archive: media downloaded at once.</summary>
    public int? ConcurrentDownloads { get; init; }

    /// <summary>These options where they say something, else the others.</summary>
    public LayoutOptions Over(LayoutOptions below) => new()
    {
        Mode = Mode ?? below.Mode,
        Split = Split ?? below.Split,
        Compress = Compress ?? below.Compress,
        GpgPassphraseFile = GpgPassphraseFile ?? below.GpgPassphraseFile,
        VolumeSize = VolumeSize ?? below.VolumeSize,
        KeepDeleted = KeepDeleted ?? below.KeepDeleted,
        PasswordFile = PasswordFile ?? below.PasswordFile,
        TokenFile = TokenFile ?? below.TokenFile,
        Database = Database ?? below.Database,
        Chats = Chats.Count > 0 ? Chats : below.Chats,
        MessageLimit = MessageLimit ?? below.MessageLimit,
        ConcurrentDownloads = ConcurrentDownloads ?? below.ConcurrentDownloads,
    };
}
