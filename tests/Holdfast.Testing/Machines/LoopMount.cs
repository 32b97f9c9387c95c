using System.Globalization;

namespace Holdfast.Testing.Machines;

/// <summary>
/// A disk of its own: an image file with a fresh file system, mounted through a loop device. Only root may; the test is
/// skipped otherwise. Unmounted and detached on disposal.
/// </summary>
public sealed class LoopMount : IDisposable
{
    private readonly TemporaryFolder _temporary;
    private readonly string _fileSystem;
    private readonly string _device;

    /// <param name="fileSystem">ext4, btrfs, xfs, or through FUSE exfat or vfat.</param>
    /// <param name="size">Bytes of the disk; null for the least that the file system takes comfortably.</param>
    /// <param name="under">Where the image and the mount point lie.</param>
    /// <param name="options">More options for mkfs.</param>
    public LoopMount(string fileSystem = "ext4", long? size = null, string? under = null, IReadOnlyList<string>? options = null)
    {
        Peer.RequireRoot();
        Peer.Require("losetup", "mount", "mkfs." + fileSystem);
        if (fileSystem == "exfat")
            Peer.Require("mount.exfat-fuse");
        if (fileSystem == "vfat")
            Peer.Require("fusefat");
        _fileSystem = fileSystem;
        _temporary = new TemporaryFolder(under);
        Path = _temporary.Folder("mount");
        try
        {
            Command.Must("truncate", "-s", (size ?? LeastSize(fileSystem)).ToString(CultureInfo.InvariantCulture), _temporary["image"]);
            string[] quiet = fileSystem switch
            {
                "ext4" => ["-q", "-F", "-m", "0"],
                "exfat" or "vfat" => [],
                _ => ["-q", "-f"],
            };
            Command.Must("mkfs." + fileSystem, [.. quiet, .. options ?? [], _temporary["image"]]);
            _device = Command.Must("losetup", "--find", "--show", _temporary["image"]).Text.Trim();
            Mount();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>True while it is.</summary>
    public bool IsMounted { get; private set; }

    /// <summary>Mounts it at <see cref="Path"/> again.</summary>
    /// <param name="options">As for mount -o; "ro" for example.</param>
    public void Mount(string? options = null)
    {
        string[] with = options is null ? [] : ["-o", options];
        if (_fileSystem == "exfat")
            Command.Must("mount.exfat-fuse", [.. with, _device, Path]);
        else if (_fileSystem == "vfat")
            Command.Must("fusefat", [.. with, "-o", "rw+", _device, Path]);
        else
            Command.Must("mount", ["-t", _fileSystem, .. with, _device, Path]);
        IsMounted = true;
    }

    /// <summary>Takes it away, as when somebody unplugs it properly; the empty mount point stays.</summary>
    public void Unmount()
    {
        // FUSE lets go of what was closed a moment later.
        for (var attempt = 0; attempt < 50 && Command.Run("umount", [Path]) is { ExitCode: not 0 } busy; attempt++)
        {
            if (attempt == 49 || !busy.ErrorText.Contains("busy", StringComparison.Ordinal))
                busy.Checked("umount", Path);
            Thread.Sleep(100);
        }
        IsMounted = false;
    }

    public void Dispose()
    {
        if (IsMounted && Command.Run("umount", [Path]).ExitCode != 0)
            Command.Run("umount", ["--lazy", Path]);
        IsMounted = false;
        if (_device is not null)
            Command.Run("losetup", ["--detach", _device]);
        _temporary.Dispose();
    }

    private static long LeastSize(string fileSystem) => fileSystem switch
    {
        "xfs" => 320L << 20,
        "btrfs" => 128L << 20,
        _ => 32L << 20,
    };
}
