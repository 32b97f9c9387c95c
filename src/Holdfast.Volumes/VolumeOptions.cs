using Holdfast.Core.Jobs;
using Holdfast.Volumes.Codec;

namespace Holdfast.Volumes;

/// <summary>What a job says of its volumes.</summary>
public sealed record VolumeOptions
{
    /// <summary>What <see cref="Split"/> is when nothing is said.</summary>
    public const int UsualSplit = 5;

    /// <summary>What <see cref="KeepDeleted"/> is when nothing is said.</summary>
    public static readonly TimeSpan UsualKeepDeleted = TimeSpan.FromDays(90);

    /// <summary>Every file is saved again after this many runs.</summary>
    public int Split { get; init; } = UsualSplit;

    /// <summary>How new volumes are compressed.</summary>
    public Compression Compression { get; init; } = Compression.Zstd;

    /// <summary>What new volumes are encrypted with, and old ones read; null for neither.</summary>
    public Passphrase? Passphrase { get; init; }

    /// <summary>How long the last copy of a deleted file stays.</summary>
    public TimeSpan KeepDeleted { get; init; } = UsualKeepDeleted;

    /// <summary>Bytes of archive after which another volume begins, before compression; null for no limit.</summary>
    public long? VolumeSize { get; init; }

    /// <summary>The database, or a folder for those of several places when it ends in '/'; null for the state folder.</summary>
    public string? Database { get; init; }

    /// <summary>What a job says, and where it says nothing, what holds then.</summary>
    public static LayoutOptions Effective(LayoutOptions layout) => layout with
    {
        Split = layout.Split ?? UsualSplit,
        Compress = layout.Compress ?? "zstd",
        KeepDeleted = layout.KeepDeleted ?? UsualKeepDeleted,
    };

    /// <summary>From what a job says; files are read.</summary>
    /// <exception cref="Core.Model.HoldfastException">The passphrase file cannot be read.</exception>
    public static VolumeOptions Of(LayoutOptions layout) => new()
    {
        Split = layout.Split ?? UsualSplit,
        Compression = CompressionNames.Parse(layout.Compress),
        Passphrase = layout.GpgPassphraseFile is { } file ? Passphrase.Read(file) : null,
        KeepDeleted = layout.KeepDeleted ?? UsualKeepDeleted,
        VolumeSize = layout.VolumeSize,
        Database = layout.Database,
    };

    /// <summary>
    /// Somebody wants the command to end: a child process that reads a volume is ended at once, and whoever waits for it gets an
    /// <see cref="OperationCanceledException"/>. For reading; a run and a check have their own.
    /// </summary>
    public CancellationToken Interruption { get; init; }

    /// <summary>Other programs than the usual, only in tests.</summary>
    internal Holdfast.Volumes.Codec.Children.ChildPrograms Programs { get; init; } = Holdfast.Volumes.Codec.Children.ChildPrograms.Usual;

    /// <summary>How long a child process may make no progress.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    internal VolumeCodec Codec => new(Compression, Passphrase) { Programs = Programs, Patience = Patience, Interruption = Interruption };
}
