using System.Text;
using Holdfast.Core.Model;
using static Holdfast.Core.FileSystem.Linux.Libc;

namespace Holdfast.Core.FileSystem.Linux;

internal sealed unsafe class LinuxFileWriter(int fd, LinuxFolder folder, EntryPath path) : IFileWriter
{
    private int _closed;

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        fixed (byte* p = bytes)
            while (done < bytes.Length)
            {
                var put = pwrite(fd, p + done, bytes.Length - done, position + done);
                if (put > 0)
                    done += (int)put;
                else if (LinuxFolder.LastError() != Errno.Interrupted)
                    throw folder.Fail("write", path);
            }
    }

    public void SetSize(long size)
    {
        if (ftruncate(fd, size) != 0)
            throw folder.Fail("set the size of", path);
    }

    public void Reserve(long size)
    {
        const int keepSize = 1;
        if (fallocate(fd, keepSize, 0, size) != 0 && LinuxFolder.LastError() is Errno.NoSpace or Errno.QuotaExceeded or Errno.FileTooLarge)
            throw folder.Fail("reserve room for", path);
    }

    public bool TryClone(IFileReader source) => source is LinuxFileReader reader && ioctl(fd, FICLONE, reader.Descriptor) == 0;

    public void StartWriteback()
    {
        const uint write = 2;
        _ = sync_file_range(fd, 0, 0, write);
    }

    public void SetMode(int mode)
    {
        if (fchmod(fd, (uint)mode) != 0)
            throw folder.Fail("set the permissions of", path);
    }

    public void SetOwner(uint userId, uint groupId)
    {
        if (fchown(fd, userId, groupId) != 0)
            throw folder.Fail("set the owner of", path);
    }

    public void SetModified(Timestamp modified)
    {
        var times = stackalloc Timespec[2];
        times[1] = new Timespec { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
        times[0] = folder.TimesComeInPairs ? times[1] : new Timespec { Nanoseconds = UtimeOmit };
        if (futimens(fd, times) != 0)
            throw folder.Fail("set the time of", path);
    }

    public void SetAttribute(ExtendedAttribute attribute)
    {
        fixed (byte* name = (byte[])[.. attribute.Name, 0], value = attribute.Value)
            if (fsetxattr(fd, name, value, attribute.Value.Length, 0) != 0)
                throw folder.Fail($"set the attribute {Encoding.UTF8.GetString(attribute.Name)} of", path);
    }

    public void Sync()
    {
        if (fsync(fd) != 0)
            throw folder.Fail("make durable", path);
    }

    public FileStat Stat() => LinuxFile.Stat(fd, folder, path);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _ = close(fd);
    }
}
