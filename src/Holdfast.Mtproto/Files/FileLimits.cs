namespace Holdfast.Mtproto.Files;

/// <summary>Telegram's limits (https://core.telegram.org/api/files).</summary>
public static class FileLimits
{
    /// <summary>Bytes of a part on its way up.</summary>
    public const int UploadPart = 512 << 10;

    /// <summary>The most bytes one call brings down.</summary>
    public const int DownloadPart = 1 << 20;

    /// <summary>Up to here a file is sent the small way, with a checksum.</summary>
    public const long Small = 10L << 20;

    /// <summary>The largest file: 2,000 MiB.</summary>
    public const long Standard = 4000L * UploadPart;

    /// <summary>The largest file of a premium account: 4,000 MiB.</summary>
    public const long Premium = 8000L * UploadPart;
}

/// <summary>Telegram takes no file without bytes.</summary>
public sealed class EmptyFileException : Exception
{
    internal EmptyFileException(string name) : base($"{name} has no bytes, and Telegram takes no empty file.")
    {
    }
}

/// <summary>The file is larger than the account may send.</summary>
public sealed class FileTooLargeException : Exception
{
    internal FileTooLargeException(string name, long limit) : base($"{name} is larger than the {limit >> 20} MiB that this account may send as one file.") => Limit = limit;

    /// <summary>The limit, in bytes.</summary>
    public long Limit { get; }
}

/// <summary>What came does not have the hash that Telegram itself gives.</summary>
public sealed class FileCorruptException : Exception
{
    internal FileCorruptException(long offset) : base($"The file's bytes at {offset} came with a wrong hash, several times.") => Offset = offset;

    /// <summary>Where, in bytes from the start.</summary>
    public long Offset { get; }
}
