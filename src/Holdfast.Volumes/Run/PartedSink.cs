using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Record;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Run;

/// <summary>
/// Takes the bytes of a file that is larger than a volume may be: parts, each a file of its own in the archive, and a list of
/// their SHA-256. <c>cat</c> puts them together again.
/// </summary>
/// <param name="volumes">Begins another volume when one is full.</param>
/// <param name="entry">The file.</param>
/// <param name="partLength">Bytes of a part.</param>
/// <param name="done">Is told when it is whole.</param>
internal sealed class PartedSink(VolumeSeries volumes, Entry entry, long partLength, Action<SavedMember> done) : IContentSink
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<FilePart> _parts = [];
    private Entry _entry = entry;
    private NewVolume? _volume;
    private long _position, _written;

    /// <inheritdoc/>
    public bool TryClone(IFileReader source) => false;

    /// <inheritdoc/>
    public void Prepare(IFileReader source) => _entry = _entry with { Attributes = source.ReadAttributes(), IsSparse = false };

    /// <inheritdoc/>
    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // What the reader skipped is a hole: parts hold its zeros.
        for (var hole = position - _written; hole > 0; hole = position - _written)
            Take(new byte[Math.Min(hole, 64 * 1024)]);
        Take(bytes.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        for (var hole = entry.Size - _written; hole > 0 && entry.Size == _entry.Size; hole = entry.Size - _written)
            Take(new byte[Math.Min(hole, 64 * 1024)]);
        // Torn: Dispose ends it.
        if (_written != _entry.Size || entry.Content is not { } content)
            throw new NotHeldException("changed while it was written into the volume; its last copy stays");
        var list = FilePart.ListOf(_entry.Path, _parts, content);
        var volume = volumes.Current;
        volume.Begin(new TarMember(_entry with { Path = FilePart.ListPathOf(_entry.Path), Size = list.Length, Attributes = ExtendedAttributes.None }) { IsPart = true });
        volume.Tar.Write(list);
        volume.Tar.End();
        done(new SavedMember(_entry with { Content = content, Identity = entry.Identity }, _parts[^1].Volume, _parts[^1].Position) { Parts = _parts });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _volume?.EndTorn(_entry.Path);
        _volume = null;
        _hash.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            _volume ??= Begin();
            var part = bytes[..(int)Math.Min(bytes.Length, _volume.Tar.Missing)];
            _volume.Tar.Write(part);
            _hash.AppendData(part);
            _written += part.Length;
            bytes = bytes[part.Length..];
            if (_volume.Tar.Missing == 0)
                End();
        }
    }

    private NewVolume Begin()
    {
        var length = Math.Min(partLength, _entry.Size - _written);
        var volume = volumes.For(length);
        var path = FilePart.PathOf(_entry.Path, _parts.Count + 1);
        _position = volume.Begin(new TarMember(_entry with { Path = path, Size = length, LinkedWith = null }) { IsPart = true });
        return volume;
    }

    private void End()
    {
        _volume!.Tar.End();
        var start = _parts.Sum(p => p.Length);
        _parts.Add(new FilePart(_volume.Name.Number, _position, _written - start, new ContentId(_hash.GetHashAndReset())));
        _volume = null;
    }
}
