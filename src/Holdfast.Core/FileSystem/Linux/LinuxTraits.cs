namespace Holdfast.Core.FileSystem.Linux;

/// <summary>What is known of a file system by its magic number (linux/magic.h, statfs(2)).</summary>
internal static unsafe class LinuxTraits
{
    private const long Second = 1_000_000_000;

    public static FileSystemTraits Of(int fd)
    {
        Libc.Statfs buffer;
        var traits = Libc.fstatfs(fd, &buffer) == 0 ? Of((ulong)buffer.Type & 0xffffffff) : Unknown("unknown");
        return traits with { Rotational = LinuxDisk.Turns(fd) };
    }

    private static FileSystemTraits Of(ulong magic) => magic switch
    {
        0xef53 => Posix("ext4") with { MaximumLinks = 65_000 },
        0x58465342 => Posix("xfs") with { Reflinks = true },
        0x9123683e => Posix("btrfs") with { MaximumLinks = 65_535, Reflinks = true },
        0xca451a4e => Posix("bcachefs") with { Reflinks = true },
        0x01021994 => Posix("tmpfs"),
        0xf2f52010 => Posix("f2fs"),
        0x2fc12fc1 => Posix("zfs"),
        0x794c7630 => Posix("overlay") with { StableIdentity = false },
        0x6969 => Unknown("nfs"),
        0x4d44 => Fat("vfat") with { TimeResolution = 2 * Second, LocalTime = true },
        0x2011bab0 => Fat("exfat") with { TimeResolution = Second / 100 },
        0x5346544e or 0x7366746e => Unknown("ntfs") with { TimeResolution = 100 },
        0xff534d42 or 0xfe534d42 or 0x517b => Unknown("smb") with { TimeResolution = 100 },
        // FUSE hides what lies behind it: exfat-fuse keeps 2 s, sshfs 1 s.
        0x65735546 => Unknown("fuse") with { TimeResolution = 2 * Second },
        _ => Unknown("unknown"),
    };

    private static FileSystemTraits Posix(string name) => new() { Name = name, StableIdentity = true, AnyNames = true, MaximumLinks = int.MaxValue };

    private static FileSystemTraits Unknown(string name) => new() { Name = name };

    private static FileSystemTraits Fat(string name) => new() { Name = name, HardLinks = false, Symlinks = false, Specials = false, Owners = false };
}
