using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Record;

/// <summary>A file of lines that only grows. A last line without its end, which a crash can leave, does not count and is overwritten.</summary>
internal sealed class LineFile(IFolder place, EntryPath path)
{
    private const int Piece = 1 << 16;

    private long? _end;

    /// <summary>What messages call it.</summary>
    public string Display => $"{place.Display}/{path}";

    /// <summary>Where the last whole line ends, in bytes.</summary>
    public long End => _end ??= FindEnd();

    /// <summary>The lines from a position on, each with the position after it.</summary>
    public IEnumerable<(byte[] Line, long After)> Read(long from)
    {
        if (End <= from)
            yield break;
        using var file = place.OpenFile(path);
        var (buffer, start, used, position) = (new byte[Piece], 0, 0, from);
        while (true)
        {
            var end = buffer.AsSpan(start, used - start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = buffer[start..(start + end)];
                start += end + 1;
                yield return (line, position - (used - start));
                continue;
            }
            buffer.AsSpan(start, used - start).CopyTo(buffer);
            (start, used) = (0, used - start);
            if (used == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var got = file.Read(position, buffer.AsSpan(used));
            if (got == 0)
                yield break;
            position += got;
            used += got;
        }
    }

    /// <summary>Adds whole lines. They are durable after the next barrier.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
            return;
        var end = End;
        using var file = place.ContinueFile(path, LibraryLayout.FileMode);
        if (file.Stat().Size != end)
            file.SetSize(end);
        file.Write(end, lines);
        _end = end + lines.Length;
    }

    private long FindEnd()
    {
        if (place.TryStat(path) is not { } stat)
            return 0;
        using var file = place.OpenFile(path);
        var buffer = new byte[Piece];
        for (var to = stat.Size; to > 0;)
        {
            var from = Math.Max(0, to - Piece);
            var got = file.Read(from, buffer.AsSpan(0, (int)(to - from)));
            if (buffer.AsSpan(0, got).LastIndexOf((byte)'\n') is >= 0 and var last)
                return from + last + 1;
            to = from;
        }
        return 0;
    }
}
