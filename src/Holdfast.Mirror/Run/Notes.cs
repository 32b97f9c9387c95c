using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>
/// What an interrupted run noted (<see cref="Progress"/>). In memory are a hash and an offset a line, because a run may have
/// copied millions of files.
/// </summary>
internal sealed class Notes : IDisposable
{
    private readonly IFileReader _file;
    private readonly Dictionary<ulong, long> _lines = [];

    /// <summary>One line: where a content lies, and the state of the source's file it was copied from.</summary>
    public sealed record Line(EntryPath Location, long Size, Timestamp Modified, Timestamp Changed, ulong Device, ulong Inode, ContentId Content, EntryPath Path);

    /// <summary>Takes over the file and closes it in the end.</summary>
    public Notes(IFileReader file)
    {
        _file = file;
        // Lines count when a checkpoint after them says so.
        var waiting = new List<(ulong Path, long At)>();
        foreach (var (at, line) in Lines())
        {
            if (line.Span.StartsWith(Progress.Durable))
            {
                if (Utf8Parser.TryParse(line.Span[Progress.Durable.Length..], out long upTo, out _))
                    Settle(waiting, upTo);
            }
            else
            {
                waiting.Add((HashOf(line.Span[(line.Span.LastIndexOf((byte)'\t') + 1)..]), at));
            }
        }
    }

    /// <summary>How many contents are named.</summary>
    public int Count => _lines.Count;

    /// <summary>What was noted of a path of the source; null when nothing was, or nothing that can be read.</summary>
    public Line? Find(EntryPath path)
    {
        if (!_lines.TryGetValue(HashOf(Encoding.UTF8.GetBytes(PathText.Encode(path.Bytes))), out var at))
            return null;
        Span<byte> line = stackalloc byte[1024];
        int end;
        while ((end = line[.._file.Read(at, line)].IndexOf((byte)'\n')) < 0)
        {
            // Two paths of at most 4,096 bytes, each perhaps encoded by three characters, and some numbers.
            if (line.Length > 32 << 10)
                return null;
            line = new byte[line.Length * 8];
        }
        return Parse(Encoding.UTF8.GetString(line[..end])) is { } found && found.Path == path ? found : null;
    }

    public void Dispose() => _file.Dispose();

    private void Settle(List<(ulong Path, long At)> waiting, long upTo)
    {
        var durable = waiting.FindIndex(line => line.At >= upTo);
        if (durable < 0)
            durable = waiting.Count;
        // The last line of a path counts.
        foreach (var (path, at) in waiting[..durable])
            _lines[path] = at;
        waiting.RemoveRange(0, durable);
    }

    /// <summary>What stands after the last line end was cut off.</summary>
    private IEnumerable<(long At, ReadOnlyMemory<byte> Line)> Lines()
    {
        var buffer = new byte[256 << 10];
        long at = 0;
        for (int held = 0; ;)
        {
            var got = _file.Read(at + held, buffer.AsSpan(held));
            held += got;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
                yield return (at + start, buffer.AsMemory(start, length));
            // No line is so long.
            if (got == 0 || (start == 0 && held == buffer.Length))
                yield break;
            buffer.AsSpan(start, held - start).CopyTo(buffer);
            at += start;
            held -= start;
        }
    }

    private static Line? Parse(string line)
    {
        var fields = line.Split('\t');
        if (fields.Length != 8)
            return null;
        try
        {
            return new Line(
                Decode(fields[0]),
                long.Parse(fields[1], CultureInfo.InvariantCulture),
                Timestamp.Parse(fields[2]),
                Timestamp.Parse(fields[3]),
                ulong.Parse(fields[4], CultureInfo.InvariantCulture),
                ulong.Parse(fields[5], CultureInfo.InvariantCulture),
                ContentId.Parse(fields[6]),
                Decode(fields[7]));
        }
        catch (FormatException)
        {
            return null; // Only a hint: what cannot be read is copied again.
        }
    }

    private static EntryPath Decode(string text) => EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(text)));

    private static ulong HashOf(ReadOnlySpan<byte> path)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(path, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
