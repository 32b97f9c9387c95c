using Holdfast.Core.Model;
using static Holdfast.Core.FileSystem.Linux.Libc;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>What open files, read or written, have in common.</summary>
internal static unsafe class LinuxFile
{
    public static FileStat Stat(int fd, LinuxFolder folder, EntryPath path)
    {
        Statx buffer;
        byte empty = 0;
        return statx(fd, &empty, AT_EMPTY_PATH, StatxBasicAndBirth | StatxMountId, &buffer) != 0
            ? throw folder.Fail("read the metadata of", path)
            : LinuxStat.Read(buffer);
    }
}
