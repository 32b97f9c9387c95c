using Holdfast.Core.Model;
using static Holdfast.Core.FileSystem.Linux.Libc;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>
/// A relative path, cut where it is longer than the system takes at once (PATH_MAX, 4,096 bytes with the NUL): the folders
/// before the cut are opened one after the other, so that a path may have any length.
/// </summary>
internal unsafe ref struct LinuxPath
{
    private const int Longest = 4000;
    private int _opened = -1;

    /// <param name="fd">The folder that the path is relative to.</param>
    /// <param name="path">The path.</param>
    /// <param name="folder">Names the folder in messages.</param>
    public LinuxPath(int fd, EntryPath path, LinuxFolder folder)
    {
        Folder = fd;
        Rest = path.NulTerminated;
        while (Rest.Length > Longest && Rest[..Longest].LastIndexOf((byte)'/') is var cut and > 0)
            Descend(cut, path, folder);
        // A rest without a '/' is a name that no file system takes; the system says so.
    }

    /// <summary>The folder that <see cref="Rest"/> is relative to.</summary>
    public int Folder { get; private set; }

    /// <summary>What is left of the path, NUL-terminated.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; }

    public readonly void Dispose()
    {
        if (_opened >= 0)
            _ = close(_opened);
    }

    private void Descend(int cut, EntryPath path, LinuxFolder folder)
    {
        int next;
        fixed (byte* p = (byte[])[.. Rest[..cut], 0])
            next = openat(Folder, p, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
        var error = LinuxFolder.LastError();
        Dispose();
        if (next < 0)
            throw new FileSystemException("open the folder", folder.Shown(EntryPath.From(path.Bytes[..(path.Length - Rest.Length + 1 + cut)])), error);
        _opened = Folder = next;
        Rest = Rest[(cut + 1)..];
    }
}
