using Holdfast.Core.Model;
using static Holdfast.Core.FileSystem.Linux.Libc;

namespace Holdfast.Core.FileSystem.Linux;

internal sealed unsafe class LinuxFileReader(int fd, LinuxFolder folder, EntryPath path) : IFileReader
{
    private int _closed;

    internal int Descriptor => fd;

    public FileStat Stat() => LinuxFile.Stat(fd, folder, path);

    public ExtendedAttributes ReadAttributes() => LinuxAttributes.ReadOpen(fd, folder, path);

    public int Read(long position, Span<byte> buffer)
    {
        var done = 0;
        fixed (byte* p = buffer)
            while (done < buffer.Length)
            {
                var got = pread(fd, p + done, buffer.Length - done, position + done);
                if (got > 0)
                    done += (int)got;
                else if (got == 0)
                    break;
                else if (LinuxFolder.LastError() != Errno.Interrupted)
                    throw folder.Fail("read", path);
            }
        return done;
    }

    public (long Start, long End)? NextData(long position, long size)
    {
        var start = lseek(fd, position, SEEK_DATA);
        if (start < 0)
            return LinuxFolder.LastError() switch
            {
                Errno.NoSuchDeviceOrAddress => null,
                _ => position < size ? (position, size) : null,
            };
        if (start >= size)
            return null;
        var end = lseek(fd, start, SEEK_HOLE);
        return (start, end < 0 || end > size ? size : end);
    }

    public void Advise(ReadAdvice advice) => _ = posix_fadvise(fd, 0, 0, advice == ReadAdvice.Forget ? 4 : 2);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _ = close(fd);
    }
}
