using Holdfast.Core.Model;
using Holdfast.Volumes.Codec.Children;

namespace Holdfast.Volumes.Codec;

/// <summary>How the archive of a volume is compressed and encrypted: first the one, then the other. Its name tells.</summary>
internal sealed record VolumeCodec(Compression Compression, Passphrase? Passphrase)
{
    /// <summary>How long a child process may make no progress before it counts as hung.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Somebody wants the run to end: children are ended at once, wherever they are.</summary>
    public CancellationToken Interruption { get; init; }

    /// <summary>The programs; others only in tests.</summary>
    public ChildPrograms Programs { get; init; } = ChildPrograms.Usual;

    /// <summary>What follows <c>.tar</c> in the name of a volume.</summary>
    public string Suffix => Compression.Suffix() + (Passphrase is null ? "" : GpgSuffix);

    public const string GpgSuffix = ".gpg";

    /// <summary>True when nothing is done to the archive, so that members can be read where they lie.</summary>
    public bool IsPlain => Compression == Compression.None && Passphrase is null;

    /// <summary>The codec of a volume with this name, given the passphrase at hand.</summary>
    /// <exception cref="HoldfastException">It is encrypted and there is no passphrase.</exception>
    public static VolumeCodec Of(VolumeName name, VolumeCodec options)
    {
        var isEncrypted = name.Suffix.EndsWith(GpgSuffix, StringComparison.Ordinal);
        if (isEncrypted && options.Passphrase is null)
            throw new HoldfastException(ErrorKind.WrongPassword, $"the volume '{name}' is encrypted, and no passphrase was given.", "Name the file that holds it: --gpg-passphrase-file FILE, or gpg_passphrase_file in the job.");
        var compression = CompressionNames.Of(isEncrypted ? name.Suffix[..^GpgSuffix.Length] : name.Suffix);
        return options with { Compression = compression, Passphrase = isEncrypted ? options.Passphrase : null };
    }

    /// <summary>What is written to the result goes, compressed and encrypted, to <paramref name="file"/>. It must be completed.</summary>
    public EncodingStream Encode(Stream file)
    {
        EncodingStream encoded = new PlainEncoding(file);
        if (Passphrase is not null)
            encoded = new ChildEncoding(Gpg.Encrypting(Programs, Passphrase), encoded, Patience, Interruption);
        return Compression switch
        {
            Compression.Zstd => new ZstdEncoding(encoded),
            Compression.Xz => new ChildEncoding(Xz.Compressing(Programs), encoded, Patience, Interruption),
            _ => encoded,
        };
    }

    /// <summary>Undoes <see cref="Encode"/>. The result owns <paramref name="file"/>.</summary>
    public Stream Decode(Stream file)
    {
        var decoded = Passphrase is null ? file : new ChildDecoding(Gpg.Decrypting(Programs, Passphrase), file, Patience, Interruption);
        return Compression switch
        {
            Compression.Zstd => new ZstdDecoding(decoded),
            Compression.Xz => new ChildDecoding(Xz.Decompressing(Programs), decoded, Patience, Interruption),
            _ => decoded,
        };
    }
}
