using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Core.Model;
using static Holdfast.Core.FileSystem.Linux.Libc;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>A folder of a Linux file system, by its file descriptor.</summary>
internal sealed unsafe class LinuxFolder : IFolder
{
    private readonly int _fd;
    private readonly string _shownAbove;
    private readonly EntryPath _shownBelow;
    private bool? _isFuse;
    private int _closed;

    private LinuxFolder(int fd, string shownAbove, EntryPath shownBelow)
    {
        _fd = fd;
        _shownAbove = shownAbove;
        _shownBelow = shownBelow;
    }

    public string Display => _shownBelow.IsRoot ? _shownAbove : Join(_shownAbove, _shownBelow);

    public FileSystemTraits Traits => LinuxTraits.Of(_fd);

    public static LinuxFolder Open(string path)
    {
        fixed (byte* p = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var fd = openat(AT_FDCWD, p, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
            return fd < 0 ? throw new FileSystemException("open the folder", path, LastError()) : new LinuxFolder(fd, path, EntryPath.Root);
        }
    }

    public static void CreateAll(string path)
    {
        var full = Path.GetFullPath(path);
        for (var end = 1; end <= full.Length; end++)
        {
            if (end != full.Length && full[end] != '/')
                continue;
            fixed (byte* p = Encoding.UTF8.GetBytes(full[..end] + '\0'))
                if (mkdirat(AT_FDCWD, p, 0x1ff & ~0x12u) != 0 && LastError() is var error and not Errno.Exists && end == full.Length)
                    throw new FileSystemException("create the folder", full, error);
        }
    }

    IFolderReader IFolderReader.OpenFolder(EntryPath path) => OpenFolder(path);

    public IFolder OpenFolder(EntryPath path)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
        {
            var fd = openat(at.Folder, p, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
            return fd < 0 ? throw Fail("open the folder", path) : new LinuxFolder(fd, _shownAbove, path.Under(_shownBelow));
        }
    }

    public FolderListing List() => LinuxListing.Read(_fd, Display);

    public FileStat Stat(EntryPath path) => Query(path, out var stat) is var error and not Errno.None ? throw new FileSystemException("read the metadata of", Shown(path), error) : stat;

    public FileStat? TryStat(EntryPath path) => Query(path, out var stat) switch
    {
        Errno.None => stat,
        Errno.NotFound or Errno.NotAFolder => null,
        var error => throw new FileSystemException("read the metadata of", Shown(path), error),
    };

    public FileStat StatName(ReadOnlySpan<byte> nulTerminatedName)
    {
        Statx buffer;
        fixed (byte* p = nulTerminatedName)
            if (statx(_fd, p, AT_SYMLINK_NOFOLLOW, StatxBasicAndBirth | StatxMountId, &buffer) != 0)
                throw Fail("read the metadata of", EntryPath.From(nulTerminatedName[..^1]));
        return LinuxStat.Read(buffer);
    }

    public IFileReader OpenFile(EntryPath path)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
        {
            const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
            // Reading must not touch the source's access times; only the owner and root may ask for that.
            var fd = openat(at.Folder, p, flags | O_NOFOLLOW | O_NOATIME, 0);
            if (fd < 0 && LastError() == Errno.NotPermitted)
                fd = openat(at.Folder, p, flags | O_NOFOLLOW, 0);
            return fd < 0 ? throw Fail("open", path) : new LinuxFileReader(fd, this, path);
        }
    }

    public byte[] ReadSymlink(EntryPath path)
    {
        using var at = new LinuxPath(_fd, path, this);
        var buffer = stackalloc byte[4096];
        fixed (byte* p = at.Rest)
        {
            var length = readlinkat(at.Folder, p, buffer, 4096);
            return length < 0 ? throw Fail("read the symlink", path) : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
        }
    }

    public ExtendedAttributes ReadAttributes(EntryPath path) => LinuxAttributes.Read(_fd, path, this);

    public IFileWriter CreateFile(EntryPath path, int mode)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
        {
            var fd = openat(at.Folder, p, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (uint)mode);
            return fd < 0 ? throw Fail("create", path) : new LinuxFileWriter(fd, this, path);
        }
    }

    public IFileWriter ContinueFile(EntryPath path, int mode)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
        {
            var fd = openat(at.Folder, p, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, (uint)mode);
            return fd < 0 ? throw Fail("open for writing", path) : new LinuxFileWriter(fd, this, path);
        }
    }

    public void CreateFolder(EntryPath path, int mode)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
            Check(mkdirat(at.Folder, p, (uint)mode), "create the folder", path);
    }

    public void CreateSymlink(EntryPath path, ReadOnlySpan<byte> target)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest, t = (byte[])[.. target, 0])
            Check(symlinkat(t, at.Folder, p), "create the symlink", path);
    }

    public void CreateSpecial(EntryPath path, EntryType type, int mode, DeviceNumber device)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
            Check(mknodat(at.Folder, p, LinuxStat.TypeBits(type) | (uint)mode, LinuxStat.MakeDevice(device)), "create the special file", path);
    }

    public void Link(EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        var to = Same(toFolder);
        using var at = new LinuxPath(_fd, path, this);
        using var toAt = new LinuxPath(to._fd, toPath, to);
        fixed (byte* p = at.Rest, t = toAt.Rest)
            if (linkat(at.Folder, p, toAt.Folder, t, 0) != 0)
                throw new FileSystemException("link", $"{Shown(path)}' to '{to.Shown(toPath)}", LastError());
    }

    public void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace)
    {
        var to = Same(toFolder);
        using var at = new LinuxPath(_fd, path, this);
        using var toAt = new LinuxPath(to._fd, toPath, to);
        fixed (byte* p = at.Rest, t = toAt.Rest)
        {
            var result = replace ? renameat(at.Folder, p, toAt.Folder, t) : renameat2(at.Folder, p, toAt.Folder, t, RENAME_NOREPLACE);
            if (result != 0 && !replace && LastError() is Errno.InvalidArgument or Errno.NotImplemented && to.TryStat(toPath) is null)
                result = renameat(at.Folder, p, toAt.Folder, t); // FUSE and old file systems know no flags; the place's lock keeps others out.
            if (result != 0)
                throw new FileSystemException("rename", $"{Shown(path)}' to '{to.Shown(toPath)}", LastError());
        }
    }

    public void Remove(EntryPath path)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
            Check(unlinkat(at.Folder, p, 0), "remove", path);
    }

    public void RemoveFolder(EntryPath path)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
            Check(unlinkat(at.Folder, p, AT_REMOVEDIR), "remove the folder", path);
    }

    public void SetMode(EntryPath path, int mode)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
            Check(fchmodat(at.Folder, p, (uint)mode, AT_SYMLINK_NOFOLLOW), "set the permissions of", path);
    }

    public void SetOwner(EntryPath path, uint userId, uint groupId)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
            Check(fchownat(at.Folder, p, userId, groupId, AT_SYMLINK_NOFOLLOW), "set the owner of", path);
    }

    public void SetModified(EntryPath path, Timestamp modified)
    {
        using var at = new LinuxPath(_fd, path, this);
        var times = stackalloc Timespec[2];
        times[1] = new Timespec { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
        times[0] = TimesComeInPairs ? times[1] : new Timespec { Nanoseconds = UtimeOmit };
        fixed (byte* p = at.Rest)
            Check(utimensat(at.Folder, p, times, AT_SYMLINK_NOFOLLOW), "set the time of", path);
    }

    public void SetAttribute(EntryPath path, ExtendedAttribute attribute) => LinuxAttributes.Set(_fd, path, attribute, this);

    public void RemoveAttribute(EntryPath path, ReadOnlySpan<byte> name) => LinuxAttributes.Remove(_fd, path, name, this);

    public void SyncFolder(EntryPath path)
    {
        using var folder = (LinuxFolder)OpenFolder(path);
        if (fsync(folder._fd) == 0)
            return;
        // Some network file systems know no fsync of a folder.
        var isUnknown = LastError() is Errno.InvalidArgument or Errno.NotSupported or Errno.NotImplemented;
        Check(isUnknown ? syncfs(_fd) : -1, "make durable", path);
    }

    public void Barrier()
    {
        Check(syncfs(_fd), "make durable", EntryPath.Root);
        // The kernel keeps syncfs to itself (fs/fuse/inode.c, fuse_sync_fs); an fsync reaches the program behind the mount.
        if (IsFuse)
            SyncFolder(EntryPath.Root);
    }

    public IDisposable? TryLock(EntryPath path, string holder)
    {
        using var at = new LinuxPath(_fd, path, this);
        fixed (byte* p = at.Rest)
        {
            var fd = openat(at.Folder, p, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0x1a4);
            return fd < 0 ? throw Fail("open the lock", path) : LinuxLock.Take(fd, holder, Shown(path));
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _ = close(_fd);
    }

    /// <summary>Many FUSE file systems silently pass over an mtime that comes without an atime (libfuse 2, lib/fuse.c, fuse_lib_setattr).</summary>
    internal bool TimesComeInPairs => IsFuse;

    private bool IsFuse => _isFuse ??= Traits.Name == "fuse";

    internal string Shown(EntryPath path) => Join(Display, path);

    internal FileSystemException Fail(string operation, EntryPath path) => new(operation, Shown(path), LastError());

    internal static Errno LastError() => (Errno)Marshal.GetLastPInvokeError();

    private Errno Query(EntryPath path, out FileStat stat)
    {
        try
        {
            return QueryOrThrow(path, out stat);
        }
        catch (FileSystemException e) // on the way down a very long path
        {
            stat = default;
            return e.Error;
        }
    }

    private Errno QueryOrThrow(EntryPath path, out FileStat stat)
    {
        using var at = new LinuxPath(_fd, path, this);
        Statx buffer;
        fixed (byte* p = at.Rest)
            if (statx(at.Folder, p, AT_SYMLINK_NOFOLLOW, StatxBasicAndBirth | StatxMountId, &buffer) != 0)
            {
                stat = default;
                return LastError();
            }
        stat = LinuxStat.Read(buffer);
        return Errno.None;
    }

    private void Check(int result, string operation, EntryPath path)
    {
        if (result != 0)
            throw Fail(operation, path);
    }

    private static LinuxFolder Same(IFolder folder) => folder as LinuxFolder ?? throw new ArgumentException("Both folders must be of one kind.", nameof(folder));

    private static string Join(string above, EntryPath below) => below.IsRoot ? above : above.EndsWith('/') ? above + below : $"{above}/{below}";
}
