using Holdfast.Core.FileSystem;

namespace Holdfast.Testing.Restricted;

/// <summary>What a simulated place cannot do.</summary>
public sealed record Restrictions
{
    public string Name { get; init; } = "restricted";

    public bool NoHardLinks { get; init; }

    /// <summary>How many names a file may have.</summary>
    public long MaximumLinks { get; init; } = long.MaxValue;

    public bool NoSymlinks { get; init; }

    /// <summary>Bytes a symlink's target may have.</summary>
    public int MaximumTarget { get; init; } = int.MaxValue;

    public bool NoSpecials { get; init; }

    /// <summary>Neither owners nor permission bits: every file is root's, 0755.</summary>
    public bool NoOwners { get; init; }

    public bool NoAttributes { get; init; }

    /// <summary>Times are cut to this many nanoseconds.</summary>
    public long TimeResolution { get; init; } = 1;

    /// <summary>It keeps local time, so that all times move with daylight saving.</summary>
    public bool LocalTime { get; init; }

    /// <summary>Names that differ in case only are one name.</summary>
    public bool CaseInsensitive { get; init; }

    /// <summary>Characters no name may hold.</summary>
    public string ReservedCharacters { get; init; } = "";

    /// <summary>Neither invalid UTF-8 nor control characters, nor a space or point at the end of a name.</summary>
    public bool TextNamesOnly { get; init; }

    /// <summary>Bytes a name may have.</summary>
    public int MaximumName { get; init; } = 255;

    public long MaximumFileSize { get; init; } = long.MaxValue;

    /// <summary>Inode numbers and ctimes are others each time the place is opened, as after each mount of a FAT disk.</summary>
    public bool UnstableIdentity { get; init; }

    /// <summary>A disk that lacks hard links and nothing else.</summary>
    public static Restrictions WithoutHardLinks { get; } = new() { Name = "without hard links", NoHardLinks = true, Untold = true };

    /// <summary>What it lacks is only found by trying.</summary>
    public bool Untold { get; init; }

    /// <summary>A FAT disk.</summary>
    public static Restrictions Fat { get; } = new()
    {
        Name = "vfat",
        NoHardLinks = true,
        NoSymlinks = true,
        NoSpecials = true,
        NoOwners = true,
        NoAttributes = true,
        TimeResolution = 2_000_000_000,
        LocalTime = true,
        CaseInsensitive = true,
        ReservedCharacters = "\"*:<>?|\\",
        TextNamesOnly = true,
        MaximumFileSize = (1L << 32) - 1,
        UnstableIdentity = true,
    };

    /// <summary>An exFAT disk.</summary>
    public static Restrictions ExFat { get; } = Fat with { Name = "exfat", TimeResolution = 10_000_000, LocalTime = false, MaximumFileSize = long.MaxValue };

    internal FileSystemTraits Change(FileSystemTraits traits) => traits with
    {
        Name = Name,
        HardLinks = traits.HardLinks && !NoHardLinks,
        MaximumLinks = Math.Min(traits.MaximumLinks, MaximumLinks),
        AnyNames = traits.AnyNames && !Untold && !TextNamesOnly && ReservedCharacters.Length == 0 && MaximumName >= 255,
        Symlinks = traits.Symlinks && !NoSymlinks,
        Specials = traits.Specials && (Untold || !NoSpecials),
        Owners = traits.Owners && (Untold || !NoOwners),
        TimeResolution = Math.Max(traits.TimeResolution, TimeResolution),
        LocalTime = traits.LocalTime || LocalTime,
        StableIdentity = traits.StableIdentity && !UnstableIdentity,
        Reflinks = traits.Reflinks && !NoHardLinks,
    };
}
