using System.Buffers;
using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>
/// Notes which contents of an unfinished run are durable already, so that the next run need not copy them again. Lines are
/// gathered and written as they come; they count from the next checkpoint on: a barrier, then a line that says up to where
/// the lines hold. A place without the file, or with half a line at its end, is as good. Read by <see cref="Notes"/>.
/// </summary>
internal sealed class Progress : IDisposable
{
    /// <summary>
    /// Where the lines stand. One a content: location, size, mtime, ctime, device, inode, SHA-256, path; tab-separated. One a
    /// checkpoint: <see cref="Durable"/> and the offset in bytes up to which all contents named are durable.
    /// </summary>
    public static readonly EntryPath FilePath = Core.Targets.PlaceMarker.Folder.Child("progress"u8);

    /// <summary>Begins the line of a checkpoint.</summary>
    public static ReadOnlySpan<byte> Durable => "durable\t"u8;

    // A short run has no checkpoint at all; a long one loses at most this much work.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    // So much is held in memory before it is written: a short run writes nothing.
    private const int Most = 4 << 20;

    private readonly IFolder _place;
    private readonly TimeProvider _time;
    private readonly Lock _noting = new();
    private readonly Lock _checking = new();
    private readonly ArrayBufferWriter<byte> _pending = new(64 << 10);
    private IFileWriter? _file;
    private long _position, _lines, _durable;
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
        {
            Encoding.UTF8.GetBytes(line, _pending);
            _lines++;
            if (_pending.WrittenCount >= Most)
                Write();
        }
        if (_time.GetElapsedTime(Volatile.Read(ref _last)) >= Interval && _checking.TryEnter())
            try
            {
                Checkpoint();
            }
            finally
            {
                _checking.Exit();
            }
    }

    /// <summary>Makes everything noted so far count. Called when a run is broken off in an orderly way.</summary>
    public void CheckpointNow()
    {
        lock (_checking)
            Checkpoint();
    }

    public void Dispose() => _file?.Dispose();

    private void Checkpoint()
    {
        Volatile.Write(ref _last, _time.GetTimestamp());
        long upTo, lines;
        lock (_noting)
        {
            Write();
            (upTo, lines) = (_position, _lines);
        }
        if (lines == _durable)
            return;
        // Invariant: the line of a checkpoint stands in the file only when the contents named before its offset are durable.
        _place.Barrier();
        lock (_noting)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(Durable)}{upTo}\n"), _pending);
            Write();
            _durable = lines;
        }
        _file!.Sync();
    }

    private void Write()
    {
        if (_pending.WrittenCount == 0)
            return;
        _file ??= _place.CreateFile(FilePath, MirrorLayout.FileMode);
        _file.Write(_position, _pending.WrittenSpan);
        _position += _pending.WrittenCount;
        _pending.ResetWrittenCount();
    }
}
