using System.Globalization;
using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>The disks behind a file system, out of sysfs and proc(5): names such as "sda"; what has none stands for itself.</summary>
internal sealed class LinuxDisksBehind
{
    private const int MostLayers = 8;

    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    public static IReadOnlySet<string> Of(in FileStat stat)
    {
        var behind = new LinuxDisksBehind();
        behind.Add(stat, MostLayers);
        return behind._found;
    }

    private void Add(in FileStat stat, int layers)
    {
        var (major, minor) = ((uint)(stat.Device >> 32), (uint)stat.Device);
        // btrfs numbers its file systems itself (major 0); what it lies on stands in the list of mounts.
        if (major == 0 && MountedFrom(stat.Mount) is { Type: EntryType.BlockDevice, Special: var device })
            (major, minor) = (device.Major, device.Minor);
        Add(major, minor, layers);
    }

    private void Add(uint major, uint minor, int layers)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}");
        if (layers == 0 || Resolve($"/sys/dev/block/{number}") is not { } device)
        {
            _found.Add(number);
            return;
        }
        var disk = File.Exists(Path.Combine(device, "partition")) ? Path.GetDirectoryName(device)! : device;
        var before = _found.Count;
        foreach (var slave in Below(Path.Combine(disk, "slaves")))
            if (Text(Path.Combine(slave, "dev"))?.Split(':') is [var a, var b])
                Add(uint.Parse(a, CultureInfo.InvariantCulture), uint.Parse(b, CultureInfo.InvariantCulture), layers - 1);
        if (Text(Path.Combine(disk, "loop", "backing_file")) is { } image && StatOf(image) is { } stat)
            Add(stat, layers - 1);
        if (_found.Count == before)
            _found.Add(Path.GetFileName(disk));
    }

    private static FileStat? MountedFrom(ulong mount)
    {
        if (mount == 0)
            return null;
        var id = mount.ToString(CultureInfo.InvariantCulture);
        foreach (var line in (Text("/proc/self/mountinfo") ?? "").Split('\n'))
            if (line.Split(' ') is { Length: > 9 } fields && fields[0] == id && Array.IndexOf(fields, "-") is var dash and > 0 && dash + 2 < fields.Length)
                return fields[dash + 2].StartsWith("/dev/", StringComparison.Ordinal) ? StatOf(fields[dash + 2]) : null;
        return null;
    }

    private static FileStat? StatOf(string path)
    {
        try
        {
            using var folder = LinuxFolder.Open(Path.GetDirectoryName(Real(path)) ?? "/");
            return folder.TryStat(EntryPath.From(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(Real(path)))));
        }
        catch (FileSystemException)
        {
            return null; // Seen from here it is not there: a container, or an image that was deleted while mounted.
        }
    }

    /// <summary>/dev/mapper/name is a symlink.</summary>
    private static string Real(string path) => Resolve(path) ?? path;

    private static string? Resolve(string link) => Try(() => File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);

    private static string[] Below(string folder) => Try(() => Directory.Exists(folder) ? Directory.GetDirectories(folder) : null) ?? [];

    private static string? Text(string file) => Try(() => File.Exists(file) ? File.ReadAllText(file).TrimEnd('\n') : null);

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
