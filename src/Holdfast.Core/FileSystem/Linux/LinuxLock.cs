using System.Text;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>An flock on an open file: gone when the process is, however it ends.</summary>
internal sealed unsafe class LinuxLock : IDisposable
{
    private readonly int _fd;
    private int _closed;

    private LinuxLock(int fd) => _fd = fd;

    public static LinuxLock? Take(int fd, string holder, string shown)
    {
        if (Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
        {
            var error = LinuxFolder.LastError();
            _ = Libc.close(fd);
            return error == Errno.WouldBlock ? null : throw new FileSystemException("lock", shown, error);
        }
        var text = Encoding.UTF8.GetBytes(holder + "\n");
        _ = Libc.ftruncate(fd, 0);
        fixed (byte* p = text)
            _ = Libc.pwrite(fd, p, text.Length, 0); // Only for people; a full disk must not keep a run from starting.
        return new LinuxLock(fd);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        // A child process that is just being started has a copy of the descriptor until its exec, so closing alone would not free the lock yet.
        _ = Libc.flock(_fd, Libc.LOCK_UN);
        _ = Libc.close(_fd);
    }
}
