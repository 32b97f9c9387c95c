using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>Between the kernel's numbers and ours.</summary>
internal static class LinuxStat
{
    private const uint TypeMask = 0xf000;
    private const uint HasBirthTime = 0x800;

    public static FileStat Read(in Libc.Statx x) => new()
    {
        Type = TypeOf(x.Mode),
        Mode = x.Mode & 0xfff,
        Size = (long)x.Size,
        Blocks = (long)x.Blocks,
        Modified = Time(x.Modified),
        Changed = Time(x.Changed),
        Born = (x.Mask & HasBirthTime) != 0 ? Time(x.Born) : null,
        Inode = x.Inode,
        Device = ((ulong)x.DeviceMajor << 32) | x.DeviceMinor,
        Mount = (x.Mask & Libc.StatxMountId) != 0 ? x.MountId : 0,
        Links = x.Links,
        UserId = x.UserId,
        GroupId = x.GroupId,
        Special = new DeviceNumber(x.SpecialMajor, x.SpecialMinor),
    };

    public static EntryType TypeOf(uint mode) => (mode & TypeMask) switch
    {
        0x8000 => EntryType.File,
        0x4000 => EntryType.Folder,
        0xa000 => EntryType.Symlink,
        0x1000 => EntryType.Fifo,
        0xc000 => EntryType.Socket,
        0x2000 => EntryType.CharDevice,
        _ => EntryType.BlockDevice,
    };

    public static uint TypeBits(EntryType type) => type switch
    {
        EntryType.Fifo => 0x1000,
        EntryType.Socket => 0xc000,
        EntryType.CharDevice => 0x2000,
        EntryType.BlockDevice => 0x6000,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a special file."),
    };

    /// <summary>glibc's makedev.</summary>
    public static ulong MakeDevice(DeviceNumber d) =>
        ((ulong)(d.Major & 0xfffff000) << 32) | ((ulong)(d.Major & 0xfff) << 8) | ((ulong)(d.Minor & 0xffffff00) << 12) | (d.Minor & 0xff);

    private static Timestamp Time(Libc.StatxTime t) => new(t.Seconds, (int)t.Nanoseconds);
}
