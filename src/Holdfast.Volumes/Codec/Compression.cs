using Holdfast.Core.Model;

namespace Holdfast.Volumes.Codec;

/// <summary>How a volume is compressed.</summary>
public enum Compression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>zstd (RFC 8878), by libzstd.</summary>
    Zstd,

    /// <summary>xz, by the program.</summary>
    Xz,
}

/// <summary>The words for it.</summary>
internal static class CompressionNames
{
    public static string Suffix(this Compression compression) => compression switch
    {
        Compression.Zstd => ".zst",
        Compression.Xz => ".xz",
        _ => "",
    };

    /// <summary>The compression a suffix stands for.</summary>
    public static Compression Of(string suffix) => suffix switch
    {
        "" => Compression.None,
        ".zst" => Compression.Zstd,
        ".xz" => Compression.Xz,
        _ => throw new HoldfastException(ErrorKind.Failed, $"'{suffix}' is no compression this version knows.", "Use a newer Holdfast."),
    };

    /// <summary>The compression a word of the config stands for; zstd when there is none.</summary>
    public static Compression Parse(string? word) => word switch
    {
        null or "zstd" => Compression.Zstd,
        "xz" => Compression.Xz,
        "none" => Compression.None,
        _ => throw new HoldfastException(ErrorKind.Usage, $"'{word}' is no compression.", "Write none, zstd or xz."),
    };
}
