using System.Runtime.InteropServices;
using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>What one statx tells of an entry.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileStat
{
    /// <summary>What it is.</summary>
    public EntryType Type { get; init; }

    /// <summary>Permission bits (07777).</summary>
    public int Mode { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Space taken, in units of 512 bytes.</summary>
    public long Blocks { get; init; }

    /// <summary>mtime.</summary>
    public Timestamp Modified { get; init; }

    /// <summary>ctime.</summary>
    public Timestamp Changed { get; init; }

    /// <summary>Birth time, where the file system keeps one.</summary>
    public Timestamp? Born { get; init; }

    /// <summary>Inode number.</summary>
    public ulong Inode { get; init; }

    /// <summary>Number of the file system (major in the upper, minor in the lower 32 bits).</summary>
    public ulong Device { get; init; }

    /// <summary>Number of the mount, or 0 where the system does not tell.</summary>
    public ulong Mount { get; init; }

    /// <summary>Number of names.</summary>
    public uint Links { get; init; }

    /// <summary>Numeric owner.</summary>
    public uint UserId { get; init; }

    /// <summary>Numeric group.</summary>
    public uint GroupId { get; init; }

    /// <summary>Number of a device file.</summary>
    public DeviceNumber Special { get; init; }

    /// <summary>True when the file takes less space than its size.</summary>
    public bool IsSparse => Type == EntryType.File && Blocks * 512 < Size;

    /// <summary>Device, inode, birth time and ctime.</summary>
    public FileIdentity Identity => new(Device, Inode, Born, Changed);

    /// <summary>
    /// True when nothing says that the contents changed between two looks: same file, size, mtime and ctime.
    /// </summary>
    public bool SameContentsAs(in FileStat other) =>
        Inode == other.Inode && Device == other.Device && Size == other.Size && Modified == other.Modified && Changed == other.Changed;
}
