using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>The system calls used, by glibc's and musl's names. All paths are NUL-terminated bytes.</summary>
[SuppressMessage("Interoperability", "CA5392", Justification = "libc is loaded already; no search path is involved.")]
internal static unsafe partial class Libc
{
    private const string Lib = "libc";

    public const int O_RDONLY = 0, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_NOCTTY = 0x100, O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000, O_NOATIME = 0x40000, O_PATH = 0x200000;
    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_EMPTY_PATH = 0x1000;
    public const uint RENAME_NOREPLACE = 1;
    public const int SEEK_DATA = 3, SEEK_HOLE = 4;
    public const int LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    public const uint StatxBasicAndBirth = 0xfff, StatxMountId = 0x1000;
    public const long UtimeOmit = (1L << 30) - 2;
    public const ulong FICLONE = 0x40049409;

    // The values of O_DIRECTORY and O_NOFOLLOW are swapped between x86 and arm.
    public static readonly int O_DIRECTORY = IsArm ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;

    [LibraryImport(Lib, SetLastError = true)] public static partial int openat(int folder, byte* path, int flags, uint mode);
    [LibraryImport(Lib, SetLastError = true)] public static partial int close(int file);
    [LibraryImport(Lib, SetLastError = true)] public static partial int statx(int folder, byte* path, int flags, uint mask, Statx* buffer);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint getdents64(int folder, byte* buffer, nint length);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint readlinkat(int folder, byte* path, byte* buffer, nint length);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint pread(int file, byte* buffer, nint length, long offset);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint pwrite(int file, byte* buffer, nint length, long offset);
    [LibraryImport(Lib, SetLastError = true)] public static partial long lseek(int file, long offset, int whence);
    [LibraryImport(Lib, SetLastError = true)] public static partial int ftruncate(int file, long length);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fallocate(int file, int mode, long offset, long length);
    [LibraryImport(Lib, SetLastError = true)] public static partial int posix_fadvise(int file, long offset, long length, int advice);
    [LibraryImport(Lib, SetLastError = true)] public static partial int sync_file_range(int file, long offset, long length, uint flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int ioctl(int file, ulong request, nint argument);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fsync(int file);
    [LibraryImport(Lib, SetLastError = true)] public static partial int syncfs(int file);
    [LibraryImport(Lib, SetLastError = true)] public static partial int flock(int file, int operation);
    [LibraryImport(Lib, SetLastError = true)] public static partial int mkdirat(int folder, byte* path, uint mode);
    [LibraryImport(Lib, SetLastError = true)] public static partial int mknodat(int folder, byte* path, uint mode, ulong device);
    [LibraryImport(Lib, SetLastError = true)] public static partial int symlinkat(byte* target, int folder, byte* path);
    [LibraryImport(Lib, SetLastError = true)] public static partial int linkat(int folder, byte* path, int toFolder, byte* toPath, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int renameat2(int folder, byte* path, int toFolder, byte* toPath, uint flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int renameat(int folder, byte* path, int toFolder, byte* toPath);
    [LibraryImport(Lib, SetLastError = true)] public static partial int unlinkat(int folder, byte* path, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fchmodat(int folder, byte* path, uint mode, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fchmod(int file, uint mode);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fchownat(int folder, byte* path, uint user, uint group, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fchown(int file, uint user, uint group);
    [LibraryImport(Lib, SetLastError = true)] public static partial int utimensat(int folder, byte* path, Timespec* times, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int futimens(int file, Timespec* times);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint llistxattr(byte* path, byte* list, nint size);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint flistxattr(int file, byte* list, nint size);
    [LibraryImport(Lib, SetLastError = true)] public static partial nint lgetxattr(byte* path, byte* name, byte* value, nint size);
    [LibraryImport(Lib, SetLastError = true)] public static partial int lsetxattr(byte* path, byte* name, byte* value, nint size, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fsetxattr(int file, byte* name, byte* value, nint size, int flags);
    [LibraryImport(Lib, SetLastError = true)] public static partial int lremovexattr(byte* path, byte* name);
    [LibraryImport(Lib, SetLastError = true)] public static partial int fstatfs(int file, Statfs* buffer);
    [LibraryImport(Lib)] public static partial uint geteuid();
    [LibraryImport(Lib)] public static partial uint getegid();

    [StructLayout(LayoutKind.Sequential)]
    public struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct StatxTime
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }

    /// <summary>struct statx, 256 bytes (linux/stat.h).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct Statx
    {
        public uint Mask, BlockSize;
        public ulong Attributes;
        public uint Links, UserId, GroupId;
        public ushort Mode, Spare;
        public ulong Inode, Size, Blocks, AttributesMask;
        public StatxTime Accessed, Born, Changed, Modified;
        public uint SpecialMajor, SpecialMinor, DeviceMajor, DeviceMinor;
        public ulong MountId;
    }

    /// <summary>struct statfs, of which only the first fields are read.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct Statfs
    {
        public long Type, BlockSize;
        public ulong Blocks, BlocksFree, BlocksAvailable;
    }
}
