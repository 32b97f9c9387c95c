using Holdfast.Core.Catalog;
using Holdfast.Core.Model;

namespace Holdfast.Library.Index;

/// <summary>Files by a text in their path.</summary>
internal sealed partial class LibraryIndex
{
    // A rare text is found by its trigrams. Of a common one, a page is found soon by looking at one path after the other.
    private const int SearchPage = 200, MostRare = 5000, LookedAtAtOnce = 20_000, Trigram = 3;

    /// <summary>
    /// A page of files with a folded text in their path, in path order, from after a path on; it may hold fewer than there are,
    /// and none. <c>Last</c> is the path behind which the next page begins; null at the end.
    /// </summary>
    public (IReadOnlyList<IndexedFile> Files, EntryPath? Last) FilesNamed(string folded, EntryPath? path)
    {
        var after = path is { } last ? StoredPath.Write(last) : [];
        if (folded.EnumerateRunes().Count() < Trigram)
            return LookThrough(folded, after);
        var phrase = $"\"{folded.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        if (Number("SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH $1 LIMIT $2)", phrase, MostRare + 1) > MostRare)
            return LookThrough(folded, after);
        var found = Files(
            $"SELECT {Columns} FROM files WHERE number IN (SELECT rowid FROM search WHERE search MATCH $1) AND +path > $2 AND instr(folded, $3) > 0 ORDER BY +path LIMIT $4",
            phrase, after, folded, SearchPage);
        return (found, found.Count < SearchPage ? null : found[^1].Path);
    }

    private (IReadOnlyList<IndexedFile> Files, EntryPath? Last) LookThrough(string folded, byte[] after)
    {
        var end = Query("SELECT path FROM files WHERE path > $1 ORDER BY path LIMIT 1 OFFSET $2", row => (byte[])row.GetValue(0), after, LookedAtAtOnce - 1).FirstOrDefault();
        var found = end is null
            ? Files($"SELECT {Columns} FROM files WHERE path > $1 AND instr(folded, $2) > 0 ORDER BY path LIMIT $3", after, folded, SearchPage)
            : Files($"SELECT {Columns} FROM files WHERE path > $1 AND path <= $2 AND instr(folded, $3) > 0 ORDER BY path LIMIT $4", after, end, folded, SearchPage);
        if (found.Count == SearchPage)
            return (found, found[^1].Path);
        return (found, end is null ? null : StoredPath.Read(end));
    }
}
