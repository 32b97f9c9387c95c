using System.Globalization;
using Holdfast.Core.Catalog;
using Holdfast.Core.Model;
using Microsoft.Data.Sqlite;

namespace Holdfast.Library.Index;

/// <summary>Which files were hashed.</summary>
internal sealed partial class LibraryIndex
{
    private const string Columns = "path, sha256, size, mtime, mtime_ns, ctime, ctime_ns, inode, mount";

    // A question about several contents has so many of them; the last one is filled up.
    private const int AskedAtOnce = 250;

    private static readonly string OfSeveral = $"SELECT {Columns} FROM files WHERE sha256 IN ({string.Join(", ", Enumerable.Range(1, AskedAtOnce).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}")))})";

    public IndexedFile? FileAt(EntryPath path) => Files($"SELECT {Columns} FROM files WHERE path = $1", StoredPath.Write(path)).FirstOrDefault();

    public IReadOnlyList<IndexedFile> FilesOf(ContentId content) => Files($"SELECT {Columns} FROM files WHERE sha256 = $1 ORDER BY path", Bytes(content));

    /// <summary>True when a content that leaves a path lies in other files, too; further names of the same file are none.</summary>
    public bool HasOtherFile(IndexedFile leaving, bool stableIdentity) =>
        FilesOf(leaving.Content).Any(f => f.Path != leaving.Path && (!stableIdentity || f.Inode != leaving.Inode));

    /// <summary>The files of several contents, each content's in path order; those without any are not in it.</summary>
    public IReadOnlyDictionary<ContentId, List<IndexedFile>> FilesOf(IReadOnlyList<ContentId> contents)
    {
        var found = new Dictionary<ContentId, List<IndexedFile>>(contents.Count);
        foreach (var part in contents.Distinct().Chunk(AskedAtOnce))
        {
            var values = new object?[AskedAtOnce];
            for (var i = 0; i < values.Length; i++)
                values[i] = Bytes(part[Math.Min(i, part.Length - 1)]);
            foreach (var file in Files(OfSeveral, values))
                if (found.TryGetValue(file.Content, out var files))
                    files.Add(file);
                else
                    found[file.Content] = [file];
        }
        foreach (var files in found.Values.Where(f => f.Count > 1))
            files.Sort((a, b) => a.Path.CompareTo(b.Path));
        return found;
    }

    public IReadOnlyList<IndexedFile> FilesWithInode(ulong inode) => Files($"SELECT {Columns} FROM files WHERE inode = $1", (long)inode);

    /// <summary>A page of files in path order, from after a path on.</summary>
    public IReadOnlyList<IndexedFile> FilesAfter(EntryPath? path, int most = Page) => path is { } after
        ? Files($"SELECT {Columns} FROM files WHERE path > $1 ORDER BY path LIMIT $2", StoredPath.Write(after), most)
        : Files($"SELECT {Columns} FROM files ORDER BY path LIMIT $1", most);

    /// <summary>True when a file has this path, or one below it.</summary>
    public bool HasAtOrUnder(EntryPath path) =>
        FileAt(path) is not null || Files($"SELECT {Columns} FROM files WHERE path > $1 ORDER BY path LIMIT 1", StoredPath.Write(path)) is [var next] && next.Path.IsAtOrUnder(path);

    /// <summary>Some files in path order, from a path on; that one is included.</summary>
    public IReadOnlyList<IndexedFile> FilesFrom(EntryPath path) => Files($"SELECT {Columns} FROM files WHERE path >= $1 ORDER BY path LIMIT 100", StoredPath.Write(path));

    public bool HasSize(long size) => Number("SELECT EXISTS (SELECT 1 FROM files WHERE size = $1)", size) != 0;

    /// <summary>True when a file has this path, or one that some system takes for the same.</summary>
    public bool HasFolded(string folded) => Number("SELECT EXISTS (SELECT 1 FROM files WHERE folded = $1)", folded) != 0;

    public long FileCount => Number("SELECT files FROM sums");

    /// <summary>Counts, kept up to date with every change: looking through a large library takes seconds.</summary>
    public LibraryStatistics Statistics() => Query(
        "SELECT files, bytes, contents, content_bytes, names, (SELECT count(*) FROM deleted) FROM sums",
        row => new LibraryStatistics(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)))[0];

    /// <summary>How many parts of a path lead to the mount point that it lies below now; 0 for none, and where there is no place.</summary>
    public int MountAbove(EntryPath path) => _mounts?.Above(path) ?? 0;

    /// <summary>Takes note of a file, and of the file system that it lies on.</summary>
    public void Put(IndexedFile file)
    {
        Execute(
            """
            INSERT INTO files (path, folded, sha256, size, mtime, mtime_ns, ctime, ctime_ns, inode, mount) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, mtime = excluded.mtime, mtime_ns = excluded.mtime_ns,
                ctime = excluded.ctime, ctime_ns = excluded.ctime_ns, inode = excluded.inode, mount = excluded.mount
            """,
            StoredPath.Write(file.Path), LibraryName.Fold(file.Path), Bytes(file.Content), file.Size, file.Modified.Seconds, file.Modified.Nanoseconds, file.Changed.Seconds, file.Changed.Nanoseconds, (long)file.Inode, MountAbove(file.Path));
        IsOther(file.Path);
        // Afterwards: whoever looked before this is told that there is more.
        Interlocked.Increment(ref _arrivals);
    }

    public void Remove(EntryPath path)
    {
        Execute("DELETE FROM files WHERE path = $1", StoredPath.Write(path));
        IsOther(path);
    }

    private List<IndexedFile> Files(string sql, params object?[] values) => Query(
        sql,
        row => new IndexedFile(
            StoredPath.Read((byte[])row.GetValue(0)),
            new ContentId((byte[])row.GetValue(1)),
            row.GetInt64(2),
            new Timestamp(row.GetInt64(3), row.GetInt32(4)),
            new Timestamp(row.GetInt64(5), row.GetInt32(6)),
            (ulong)row.GetInt64(7)) { Mount = row.GetInt32(8) },
        values);
}
