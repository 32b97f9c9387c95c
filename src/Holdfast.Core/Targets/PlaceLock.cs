using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>The lock of a place: one run at a time. It dies with its process, however that ends.</summary>
public static class PlaceLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes the lock, waiting for it up to <paramref name="wait"/>.</summary>
    /// <exception cref="HoldfastException">Another process has it; names it.</exception>
    public static async Task<IDisposable> TakeAsync(IFolder place, EntryPath path, string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        var holder = string.Create(CultureInfo.InvariantCulture, $"{purpose}, process {Environment.ProcessId}, since {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z");
        var started = Environment.TickCount64;
        while (true)
        {
            if (TryTake(place, path, holder) is { } taken)
                return taken;
            if (Environment.TickCount64 - started >= wait.TotalMilliseconds)
                throw new HoldfastException(ErrorKind.Locked, $"another run is at work in '{place.Display}' ({Holder(place, path)}).", "Wait for it to end, or use --wait.");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static IDisposable? TryTake(IFolder place, EntryPath path, string holder)
    {
        try
        {
            return place.TryLock(path, holder);
        }
        catch (FileSystemException e) when (e.Error is Errno.ReadOnlyFileSystem)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}' is mounted read-only.", "Mount it for writing: mount -o remount,rw …", e);
        }
    }

    private static string Holder(IFolder place, EntryPath path)
    {
        try
        {
            return SmallFile.TryRead(place, path) is { Length: > 0 } text ? Encoding.UTF8.GetString(text).Trim() : "unknown";
        }
        catch (FileSystemException)
        {
            return "unknown";
        }
    }
}
