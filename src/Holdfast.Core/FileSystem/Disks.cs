using Holdfast.Core.FileSystem.Linux;

namespace Holdfast.Core.FileSystem;

/// <summary>Whether two files would be lost together when a disk is.</summary>
public sealed class Disks
{
    private readonly Dictionary<(ulong, ulong), IReadOnlySet<string>> _known = [];

    /// <summary>
    /// True when both lie on one disk, as far as the system tells: partitions, encrypted and logical volumes and images in files
    /// are followed to the disks behind them.
    /// </summary>
    public bool ShareOne(in FileStat a, in FileStat b) => a.Device == b.Device || Behind(a).Overlaps(Behind(b));

    private IReadOnlySet<string> Behind(in FileStat stat)
    {
        var key = (stat.Device, stat.Mount);
        if (!_known.TryGetValue(key, out var disks))
            _known[key] = disks = LinuxDisksBehind.Of(stat);
        return disks;
    }
}
