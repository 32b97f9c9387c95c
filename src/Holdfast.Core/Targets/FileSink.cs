using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>Writes one file under the name it was given, sets its metadata and hands it to <paramref name="done"/>.</summary>
public sealed class FileSink(IFolder folder, EntryPath path, IFileWriter file, int createdMode, bool mayClone, MetadataWriter metadata, Action<Entry> done) : IContentSink
{
    // Writing out in steps lets the disk work while the next bytes are read and hashed. What is left of a file begins with its
    // end, or the barrier would find the disk idle; the many small ones are better written together.
    private const long WritebackStep = 2 * 1024 * 1024, LeastWriteback = 1024 * 1024;

    private long _end, _writtenBack;
    private bool _cloned, _complete;

    /// <inheritdoc/>
    public bool TryClone(IFileReader source) => _cloned = mayClone && file.TryClone(source);

    /// <inheritdoc/>
    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_cloned)
            return ValueTask.CompletedTask;
        file.Write(position, bytes.Span);
        // Bytes that were written over again may have reached further.
        _end = Math.Max(_end, position + bytes.Length);
        StartWriteback(WritebackStep);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (!_cloned && _end != entry.Size)
            file.SetSize(entry.Size); // The file ends in a hole.
        StartWriteback(LeastWriteback);
        metadata.ApplyToNew(file, entry, createdMode);
        file.Dispose();
        done(entry);
        _complete = true;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        if (!_complete)
            folder.Remove(path);
        return ValueTask.CompletedTask;
    }

    private void StartWriteback(long least)
    {
        if (_end - _writtenBack < least)
            return;
        file.StartWriteback();
        _writtenBack = _end;
    }
}
