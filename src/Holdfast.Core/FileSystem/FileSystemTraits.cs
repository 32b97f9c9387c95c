namespace Holdfast.Core.FileSystem;

/// <summary>What a file system is known to do. Where nothing is known the careful answer stands.</summary>
public sealed record FileSystemTraits
{
    /// <summary>Its name, for messages: "ext4", "fuse".</summary>
    public required string Name { get; init; }

    /// <summary>True when an unchanged file keeps its inode number and ctime from mount to mount.</summary>
    public bool StableIdentity { get; init; }

    /// <summary>The step of its clock in nanoseconds: 1, or 2,000,000,000 on FAT.</summary>
    public long TimeResolution { get; init; } = 1;

    /// <summary>True when it keeps local time, so that all times move by whole hours with daylight saving.</summary>
    public bool LocalTime { get; init; }

    /// <summary>True when one file can have several names.</summary>
    public bool HardLinks { get; init; } = true;

    /// <summary>How many names a file can have at least, as far as that is known; it only tells which files may have had to be copied.</summary>
    public long MaximumLinks { get; init; } = 1000;

    /// <summary>True when a name may hold any bytes but NUL and '/', up to 255; elsewhere each name is tried out.</summary>
    public bool AnyNames { get; init; }

    /// <summary>True when it holds symbolic links.</summary>
    public bool Symlinks { get; init; } = true;

    /// <summary>True when it holds FIFOs, sockets and device files.</summary>
    public bool Specials { get; init; } = true;

    /// <summary>True when it keeps owners and permission bits.</summary>
    public bool Owners { get; init; } = true;

    /// <summary>True when two files can share blocks until one is written to.</summary>
    public bool Reflinks { get; init; }

    /// <summary>True when the disk behind it turns, so that reading several files at once is slower.</summary>
    public bool Rotational { get; init; }

    /// <summary>True when it holds entries of a type.</summary>
    public bool Holds(Model.EntryType type) => type switch
    {
        Model.EntryType.File or Model.EntryType.Folder => true,
        Model.EntryType.Symlink => Symlinks,
        _ => Specials,
    };

    /// <summary>
    /// True when a file that was given one time may show the other: as <see cref="MayBeSameTime"/>, and times before 1980 or
    /// after January 2038 many file systems cut to the first or last that they can hold.
    /// </summary>
    public bool MayShowAs(Model.Timestamp given, Model.Timestamp shown)
    {
        const long first = 315_619_200, last = int.MaxValue; // 2 January 1980, for FAT keeps local time.
        return MayBeSameTime(given, shown)
            || (shown.Seconds <= first && given.CompareTo(shown) < 0)
            || (shown.Seconds >= last && given.CompareTo(shown) > 0);
    }

    /// <summary>
    /// True when two times may be the same moment: a coarse clock cuts them, and where local time is kept they move by whole
    /// hours with daylight saving.
    /// </summary>
    public bool MayBeSameTime(Model.Timestamp one, Model.Timestamp other)
    {
        const long hour = 3600;
        if (one.EqualsWithin(other, TimeResolution))
            return true;
        var seconds = Math.Abs(one.Seconds - other.Seconds);
        return LocalTime && (seconds % hour is <= 2 or >= hour - 2) && seconds < 15 * hour;
    }
}
