namespace Holdfast.Stores.S3;

/// <summary>How to reach a bucket. No secrets: those are looked for where every S3 program looks.</summary>
public sealed record S3Options
{
    /// <summary>Which bucket.</summary>
    public required S3Address Address { get; init; }

    /// <summary>The profile of the credentials file; null for the environment, else the default profile.</summary>
    public string? Profile { get; init; }

    /// <summary>A file like <c>~/.aws/credentials</c>; null for that one, or what the environment says instead.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>The region; null for what the environment says, else us-east-1.</summary>
    public string? Region { get; init; }

    /// <summary>A file of PEM certificates: the engine must show one that was signed by one of these. Null for AWS_CA_BUNDLE, else those the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>True for HOST/BUCKET, false for BUCKET.HOST; null for what the engine is known to want.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>The storage class of new objects; null for the bucket's own.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Calls at once.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>A call during which nothing moves for so long is given up, and may be tried again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a part of a large object is tried.</summary>
    public Retrying.Backoff Backoff { get; init; } = new();
}
