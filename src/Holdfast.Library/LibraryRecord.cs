using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library;

/// <summary>The plain files that are the truth about a library, and the index that follows them.</summary>
internal sealed class LibraryRecord(IFolder place, LibraryIndex index)
{
    private const string NamesRead = "names", LogRead = "log", VerifiedRead = "verified";

    private readonly Lock _verifying = new(), _deciding = new();
    private LineFile _names = new(place, LibraryLayout.Names);
    private LineFile _log = new(place, LibraryLayout.Log);
    private LineFile _verified = new(place, LibraryLayout.Verified);

    /// <summary>Brings the index up to what the files say. One that knows more than they do is from another copy, and begins anew.</summary>
    public void CatchUp()
    {
        if (index.Fact(NamesRead) > _names.End || index.Fact(LogRead) > _log.End || index.Fact(VerifiedRead) > _verified.End)
            index.Together(index.ForgetRecord);
        foreach (var page in Lines(_names, NamesRead, NameLine.Parse).Chunk(5000))
            index.Together(() =>
            {
                foreach (var (line, _) in page)
                    Put(line);
                index.Set(NamesRead, page[^1].After);
            });
        foreach (var page in Lines(_log, LogRead, DecisionLine.Parse).Chunk(5000))
            index.Together(() =>
            {
                foreach (var (line, _) in page)
                    if (line is not null)
                        index.Put(line);
                index.Set(LogRead, page[^1].After);
            });
        foreach (var page in Lines(_verified, VerifiedRead, VerifiedLine.Parse).Chunk(5000))
            index.Together(() =>
            {
                foreach (var (line, _) in page)
                    index.Put(line);
                index.Set(VerifiedRead, page[^1].After);
            });
    }

    /// <summary>Reads a file that is to become the names or the log.</summary>
    /// <exception cref="HoldfastException">It is damaged.</exception>
    public void RequireReadable(EntryPath file, bool isLog)
    {
        var lines = new LineFile(place, file);
        // No fact has that name, so it is read from its beginning.
        _ = isLog ? Lines(lines, "", DecisionLine.Parse).Count() : Lines(lines, "", NameLine.Parse).Count();
    }

    /// <summary>Reads everything anew: the files were replaced by others.</summary>
    public void Reread()
    {
        _names = new LineFile(place, LibraryLayout.Names);
        _log = new LineFile(place, LibraryLayout.Log);
        _verified = new LineFile(place, LibraryLayout.Verified);
        index.Together(index.ForgetRecord);
        CatchUp();
    }

    /// <summary>Writes names. They are durable after the next barrier; only then <see cref="Took"/> may be called.</summary>
    public void Write(IReadOnlyList<NameLine> lines)
    {
        using var stream = new MemoryStream();
        foreach (var line in lines)
            line.WriteTo(stream);
        _names.Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Takes written names into the index.</summary>
    public void Took(IReadOnlyList<NameLine> lines)
    {
        foreach (var line in lines)
            Put(line);
        index.Set(NamesRead, _names.End);
    }

    /// <summary>Writes decisions, durably, and takes them into the index.</summary>
    public void Decide(IReadOnlyList<DecisionLine> lines)
    {
        if (lines.Count == 0)
            return;
        using var stream = new MemoryStream();
        foreach (var line in lines)
            line.WriteTo(stream);
        // People decide while a scan does.
        lock (_deciding)
        {
            _log.Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
            place.Barrier();
            index.Together(() =>
            {
                foreach (var line in lines)
                    index.Put(line);
                index.Set(LogRead, _log.End);
            });
        }
    }

    /// <summary>
    /// Writes what was read back. Not durable before somebody's next barrier: a line that is lost only means that it is read again.
    /// A line that takes a date back is, for a date that stayed by mistake would be a promise.
    /// </summary>
    public void Verified(IReadOnlyList<VerifiedLine> lines)
    {
        if (lines.Count == 0)
            return;
        using var stream = new MemoryStream();
        foreach (var line in lines)
            line.WriteTo(stream);
        lock (_verifying)
        {
            _verified.Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
            if (lines.Any(l => l.IsNew))
                place.Barrier();
            index.Together(() =>
            {
                foreach (var line in lines)
                    index.Put(line);
                index.Set(VerifiedRead, _verified.End);
            });
        }
    }

    /// <summary>
    /// Takes dates of verification back. Which of several files with a content was read back is not known: when one of them goes, or
    /// another one takes its place, the rest may never have been.
    /// </summary>
    public void Doubt(IEnumerable<ContentId> contents, DateTimeOffset now) =>
        Verified([.. contents.Distinct().Where(c => index.VerifiedAt(c) is not null).Select(c => new VerifiedLine(now, c, IsNew: true))]);

    private void Put(NameLine line)
    {
        if (line.IsGone)
            index.RemoveName(line.Client, line.Job, line.Entry.Path);
        else
            index.Put(line.Client, line.Job, line.Entry);
    }

    private IEnumerable<(T Line, long After)> Lines<T>(LineFile file, string fact, Func<ReadOnlyMemory<byte>, T> parse)
    {
        foreach (var (bytes, after) in file.Read(index.Fact(fact)))
        {
            T line;
            try
            {
                line = parse(bytes);
            }
            catch (FormatException e)
            {
                throw new HoldfastException(
                    ErrorKind.Failed,
                    $"'{file.Display}' is damaged in the line that ends at byte {after}: {e.Message}",
                    "The collection itself is not affected. Put the file back from a copy, or take that line out and delete .holdfast/library.db.",
                    e);
            }
            yield return (line, after);
        }
    }
}
