using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Run;

/// <summary>
/// Takes the bytes of a large file, or of one with holes, straight into the archive, its headers first. When it then cannot be
/// read to its end, its member is torn and the file counts as not saved.
/// </summary>
internal sealed class MemberSink(NewVolume volume, Entry entry, Action<SavedMember> done) : IContentSink
{
    private Entry _entry = entry;
    private IReadOnlyList<DataStretch>? _data;
    private long _position = -1, _end;
    private int _stretch;
    private bool _begun, _ended, _mismatch;

    /// <inheritdoc/>
    public bool TryClone(IFileReader source) => false;

    /// <inheritdoc/>
    public void Prepare(IFileReader source)
    {
        if (_entry.IsSparse)
            _data = MapOf(source, _entry.Size);
        // The headers come before the bytes, so the attributes are read now; when they change meanwhile, ctime tells.
        _entry = _entry with { Attributes = source.ReadAttributes() };
        Begin();
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_data is not null)
            WriteMapped(position, bytes.Span);
        else
            volume.Tar.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        // Torn: Dispose ends it.
        if (volume.Tar.Missing > 0 || _mismatch)
            throw new NotHeldException("changed while it was written into the volume; its last copy stays");
        volume.Tar.End();
        _ended = true;
        // What the headers say is what a restore will find.
        done(new SavedMember(_entry with { Content = entry.Content, Identity = entry.Identity }, volume.Name.Number, _position));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_begun && !_ended)
            volume.EndTorn(_entry.Path);
        _ended = true;
        return ValueTask.CompletedTask;
    }

    private void Begin()
    {
        _begun = true;
        _position = volume.Begin(new TarMember(_entry) { Data = _data });
    }

    private void WriteMapped(long position, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_mismatch)
        {
            while (_stretch < _data!.Count && _end >= _data[_stretch].End)
                _stretch++;
            // A hole was filled, or data made a hole, since the map was read.
            if (_stretch == _data.Count || position != Math.Max(_end, _data[_stretch].Start))
            {
                _mismatch = true;
                return;
            }
            var part = (int)Math.Min(bytes.Length, _data[_stretch].End - position);
            volume.Tar.Write(bytes[..part]);
            bytes = bytes[part..];
            _end = position += part;
        }
    }

    /// <summary>The stretches of data, or null when there is no hole worth a map.</summary>
    private static List<DataStretch>? MapOf(IFileReader source, long size)
    {
        var data = new List<DataStretch>();
        for (var at = 0L; at < size && source.NextData(at, size) is { } stretch; at = stretch.End)
            data.Add(new DataStretch(stretch.Start, stretch.End - stretch.Start));
        return data is [{ Start: 0 } all] && all.Length == size ? null : data;
    }
}

/// <summary>A file that is whole in a volume.</summary>
/// <param name="Entry">As its headers say.</param>
/// <param name="Volume">Number of the volume.</param>
/// <param name="Position">Where its first header begins.</param>
internal sealed record SavedMember(Entry Entry, long Volume, long Position)
{
    /// <summary>The parts of a file that is larger than a volume may be; volume and position are then those of the last.</summary>
    public IReadOnlyList<Record.FilePart> Parts { get; init; } = [];
}
