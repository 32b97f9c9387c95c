namespace Holdfast.Core.Jobs;

/// <summary>How a store is reached: the block <c>store</c> of a job. It never holds a secret. Null says nothing.</summary>
public sealed record StoreOptions
{
    /// <summary>s3: the profile of the credentials file.</summary>
    public string? Profile { get; init; }

    /// <summary>s3: a file like <c>~/.aws/credentials</c>.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>s3: the region.</summary>
    public string? Region { get; init; }

    /// <summary>A file of PEM certificates that the server's must be signed by.</summary>
    public string? CaFile { get; init; }

    /// <summary>s3: true for HOST/BUCKET, false for BUCKET.HOST.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>s3: the storage class of new objects.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Calls at once.</summary>
    public int? Connections { get; init; }

    /// <summary>How often a call is tried.</summary>
    public int? Tries { get; init; }

    /// <summary>Bytes a second that are put.</summary>
    public RateTimetable? UploadLimit { get; init; }

    /// <summary>Bytes a second that are read.</summary>
    public RateTimetable? DownloadLimit { get; init; }

    /// <summary>These options where they say something, else the others.</summary>
    public StoreOptions Over(StoreOptions? below) => below is null ? this : new StoreOptions
    {
        Profile = Profile ?? below.Profile,
        CredentialsFile = CredentialsFile ?? below.CredentialsFile,
        Region = Region ?? below.Region,
        CaFile = CaFile ?? below.CaFile,
        PathStyle = PathStyle ?? below.PathStyle,
        StorageClass = StorageClass ?? below.StorageClass,
        Connections = Connections ?? below.Connections,
        Tries = Tries ?? below.Tries,
        UploadLimit = UploadLimit ?? below.UploadLimit,
        DownloadLimit = DownloadLimit ?? below.DownloadLimit,
    };
}
