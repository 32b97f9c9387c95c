using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>
/// Notes which contents of an unfinished run are durable already, so that the next run need not copy them again. Written at
/// checkpoints: a barrier first, then the lines. A place without the file, or with half a line at its end, is as good.
/// </summary>
internal sealed class Progress : IDisposable
{
    /// <summary>Where the lines stand. One a content: location, size, mtime, ctime, device, inode, SHA-256, path; tab-separated.</summary>
    public static readonly EntryPath FilePath = Core.Targets.PlaceMarker.Folder.Child("progress"u8);

    // A short run has no checkpoint at all; a long one loses at most this much work.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly IFolder _place;
    private readonly TimeProvider _time;
    private readonly Lock _noting = new();
    private readonly Lock _writing = new();
    private StringBuilder _pending = new();
    private IFileWriter? _file;
    private long _position;
    private long _last;

    public Progress(IFolder place, TimeProvider time)
    {
        _place = place;
        _time = time;
        _last = time.GetTimestamp();
    }

    /// <summary>Notes a completed content; from any thread. Every now and then the caller pays for a checkpoint.</summary>
    public void Note(EntryPath location, Entry entry)
    {
        if (entry.Identity is not { } identity || entry.Content is not { } content)
            return;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{PathText.Encode(location.Bytes)}\t{entry.Size}\t{entry.Modified}\t{identity.Changed}\t{identity.Device}\t{identity.Inode}\t{content}\t{PathText.Encode(entry.Path.Bytes)}\n");
        lock (_noting)
            _pending.Append(line);
        if (_time.GetElapsedTime(Volatile.Read(ref _last)) >= Interval && _writing.TryEnter())
            try
            {
                Checkpoint();
            }
            finally
            {
                _writing.Exit();
            }
    }

    /// <summary>Makes everything noted so far count. Called when a run is broken off in an orderly way.</summary>
    public void CheckpointNow()
    {
        lock (_writing)
            Checkpoint();
    }

    public void Dispose() => _file?.Dispose();

    private void Checkpoint()
    {
        Volatile.Write(ref _last, _time.GetTimestamp());
        StringBuilder noted;
        lock (_noting)
        {
            noted = _pending;
            _pending = new StringBuilder();
        }
        if (noted.Length == 0)
            return;
        // Invariant: a line stands in the file only when the contents it names are durable.
        _place.Barrier();
        var bytes = Encoding.UTF8.GetBytes(noted.ToString());
        _file ??= _place.CreateFile(FilePath, MirrorLayout.FileMode);
        _file.Write(_position, bytes);
        _position += bytes.Length;
        _file.Sync();
    }
}
