using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Unfinished;

/// <summary>
/// An upload in parts that outlives the process: its bytes lie in <c>.holdfast/incoming/ID</c>, and beside them, in <c>ID.upload</c>, a
/// line for each moment from which on it can be gone on with (<see cref="UnfinishedLine"/>).
/// </summary>
internal sealed class UnfinishedUpload
{
    /// <summary>How long an upload waits for its next part.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private const int IdLength = 32, Piece = 1 << 20;
    private const string Ending = ".upload";

    private readonly IFolder _incoming;
    private readonly IReadOnlyList<UnfinishedLine> _lines;

    private UnfinishedUpload(IFolder incoming, string id, IReadOnlyList<UnfinishedLine> lines)
    {
        _incoming = incoming;
        _lines = lines;
        Id = id;
    }

    /// <summary>Its id, 32 hexadecimal digits: whoever knows it and has the owner's token may go on.</summary>
    public string Id { get; }

    /// <summary>What was written down last.</summary>
    public UnfinishedLine Last => _lines[^1];

    /// <summary>The name of its bytes.</summary>
    public static EntryPath BytesOf(string id) => EntryPath.From(id);

    /// <summary>The name of its lines.</summary>
    public static EntryPath LinesOf(string id) => EntryPath.From(id + Ending);

    /// <summary>
    /// The uploads in a folder of what comes in that somebody may still go on with. One whose lines or bytes are missing or cannot be
    /// read is none, nor is one that waited too long.
    /// </summary>
    public static IReadOnlyList<UnfinishedUpload> In(IFolder incoming, DateTimeOffset now)
    {
        var found = new List<UnfinishedUpload>();
        var listing = incoming.List();
        for (var i = 0; i < listing.Count; i++)
            if (EntryPath.From(listing[i]).ToString() is { Length: IdLength } id && id.All(char.IsAsciiHexDigitLower)
                && TryRead(incoming, id) is { } upload && now - upload.Last.At <= Lifetime)
                found.Add(upload);
        return found;
    }

    /// <summary>
    /// Reads the bytes that are there: as far as a line vouches for them they are what came. Takes as long as the disk needs.
    /// </summary>
    /// <returns>How far that is, in bytes, and the state of their hash, which is the caller's. 0 at the worst: then the client begins anew.</returns>
    public async Task<(long Offset, IncrementalHash Hash)> ReadAsync(CancellationToken cancellationToken)
    {
        using var file = _incoming.OpenFile(BytesOf(Id));
        using var reading = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (offset, hash, position) = (0L, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), 0L);
        var buffer = new byte[Piece];
        foreach (var line in _lines.Where(l => l.Offset > 0))
        {
            while (position < line.Offset && file.Read(position, buffer.AsSpan(0, (int)Math.Min(buffer.Length, line.Offset - position))) is var got and > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                reading.AppendData(buffer, 0, got);
                position += got;
                await Task.Yield();
            }
            if (position != line.Offset || Convert.ToHexStringLower(reading.GetCurrentHash()) != line.Sha256)
                break;
            hash.Dispose();
            (offset, hash) = (position, reading.Clone());
        }
        return (offset, hash);
    }

    private static UnfinishedUpload? TryRead(IFolder incoming, string id)
    {
        if (incoming.TryStat(BytesOf(id)) is not { Type: EntryType.File } || incoming.TryStat(LinesOf(id)) is not { Type: EntryType.File })
            return null;
        var lines = new List<UnfinishedLine>();
        foreach (var (bytes, _) in new Record.LineFile(incoming, LinesOf(id)).Read(0))
        {
            // What follows a line without its bytes may be anything.
            if (UnfinishedLine.TryRead(bytes) is not { } line || (lines.Count > 0 && line.Offset < lines[^1].Offset))
                break;
            lines.Add(line);
        }
        return lines.Count == 0 ? null : new UnfinishedUpload(incoming, id, lines);
    }
}
