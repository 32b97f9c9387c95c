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

    public LinuxPath(int folder, EntryPath path)
    {
        Folder = folder;
        Rest = path.NulTerminated;
        while (Rest.Length > Longest)
            Descend();
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

    private void Descend()
    {
        var cut = Rest[..Longest].LastIndexOf((byte)'/');
        if (cut <= 0)
            return;
        int next;
        fixed (byte* p = (byte[])[.. Rest[..cut], 0])
            next = openat(Folder, p, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
        if (next < 0)
            throw new FileSystemException("open the folder", System.Text.Encoding.UTF8.GetString(Rest[..cut]), LinuxFolder.LastError());
        Dispose();
        _opened = Folder = next;
        Rest = Rest[(cut + 1)..];
    }
}
