using System.Globalization;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>What sysfs tells of the disk behind a file system.</summary>
internal static unsafe class LinuxDisk
{
    /// <summary>
    /// True for a disk that says it turns (queue/rotational of the disk, for a partition of its parent). Virtual disks say
    /// so too and do not, so only what sits on a SCSI, ATA or USB bus is believed.
    /// </summary>
    public static bool Turns(int fd)
    {
        Libc.Statx stat;
        byte empty = 0;
        if (Libc.statx(fd, &empty, Libc.AT_EMPTY_PATH, Libc.StatxBasicAndBirth, &stat) != 0 || stat.DeviceMajor == 0)
            return false;
        try
        {
            var device = string.Create(CultureInfo.InvariantCulture, $"/sys/dev/block/{stat.DeviceMajor}:{stat.DeviceMinor}");
            if (Directory.ResolveLinkTarget(device, returnFinalTarget: true) is not { } target)
                return false;
            var disk = Directory.Exists(Path.Combine(target.FullName, "queue")) ? target.FullName : Path.GetDirectoryName(target.FullName)!;
            return Path.GetFileName(disk).StartsWith("sd", StringComparison.Ordinal)
                && File.ReadAllText(Path.Combine(disk, "queue", "rotational")).Trim() == "1";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
