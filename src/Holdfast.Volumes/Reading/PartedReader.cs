using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Reading;

/// <summary>A file whose parts lie in several volumes, as one.</summary>
internal sealed class PartedReader(Entry entry, IReadOnlyList<FilePart> parts, Func<FilePart, Entry, IFileReader> open) : IFileReader
{
    private IFileReader? _part;
    private int _number = -1;
    private long _start;

    public FileStat Stat() => new() { Type = EntryType.File, Size = entry.Size, Mode = entry.Mode, Modified = entry.Modified, UserId = entry.UserId, GroupId = entry.GroupId, Links = 1, Blocks = (entry.Size + 511) / 512 };

    public ExtendedAttributes ReadAttributes() => entry.Attributes;

    public int Read(long position, Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && position + filled < entry.Size)
        {
            GoTo(position + filled);
            filled += _part!.Read(position + filled - _start, buffer[filled..]);
        }
        return filled;
    }

    public (long Start, long End)? NextData(long position, long size) => (position, size);

    public void Advise(ReadAdvice advice)
    {
    }

    public void Dispose() => _part?.Dispose();

    private void GoTo(long position)
    {
        var (number, start) = (0, 0L);
        for (; start + parts[number].Length <= position; number++)
            start += parts[number].Length;
        if (number == _number)
            return;
        _part?.Dispose();
        _part = open(parts[number], entry with { Path = FilePart.PathOf(entry.Path, number + 1), Size = parts[number].Length });
        (_number, _start) = (number, start);
    }
}
