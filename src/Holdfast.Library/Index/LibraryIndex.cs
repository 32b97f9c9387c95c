using System.Globalization;
using Holdfast.Core.Catalog;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Record;
using Microsoft.Data.Sqlite;

namespace Holdfast.Library.Index;

/// <summary>
/// The index of a library: which files were hashed, and what the record says. It may be deleted: a scan and the record fill
/// it again. Used by many threads at once, one at a time.
/// </summary>
internal sealed class LibraryIndex : IDisposable
{
    private const int Corrupt = 11, NotADatabase = 26, Page = 2000, SearchPage = 200;
    private const string Columns = "path, sha256, size, mtime, mtime_ns, ctime, ctime_ns, inode";

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private readonly bool _writes;
    private long _arrivals;

    private LibraryIndex(SqliteConnection connection, bool writes = false)
    {
        _connection = connection;
        _writes = writes;
    }

    /// <summary>Opens the index of a place, making it where it is missing or damaged.</summary>
    /// <param name="place">The place, locked.</param>
    /// <param name="path">Its path.</param>
    public static LibraryIndex Open(IFolder place, string path)
    {
        SystemSqlite.Choose();
        var file = Path.Combine(path, LibraryLayout.Index.ToString());
        try
        {
            return new LibraryIndex(Connect(file), writes: true);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            foreach (var ending in new[] { "", "-wal", "-shm" })
                if (EntryPath.From(LibraryLayout.Index + ending) is var part && place.TryStat(part) is not null)
                    place.Remove(part);
            return new LibraryIndex(Connect(file), writes: true);
        }
        catch (SqliteException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the index '{file}' cannot be opened: {e.Message}.", "It is only an index: it may be deleted.", e);
        }
    }

    /// <summary>The index for reading; an empty one in memory when there is none that can be read.</summary>
    public static LibraryIndex OpenForReading(string path)
    {
        SystemSqlite.Choose();
        var file = Path.Combine(path, LibraryLayout.Index.ToString());
        SqliteConnection? connection = null;
        try
        {
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            if (IndexSchema.IsCurrent(connection))
                return new LibraryIndex(connection);
        }
        catch (SqliteException)
        {
            // Not there, not readable, or in use in a way that a read-only disk does not allow.
        }
        connection?.Dispose();
        return InMemory();
    }

    /// <summary>An empty index that is gone with the process.</summary>
    public static LibraryIndex InMemory()
    {
        SystemSqlite.Choose();
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        IndexSchema.Ensure(connection);
        return new LibraryIndex(connection);
    }

    /// <summary>Does several things as one: all or nothing.</summary>
    public void Together(Action work)
    {
        lock (_lock)
        {
            Execute("BEGIN IMMEDIATE");
            try
            {
                work();
                Execute("COMMIT");
            }
            catch
            {
                Execute("ROLLBACK");
                throw;
            }
        }
    }

    public IndexedFile? FileAt(EntryPath path) => Files($"SELECT {Columns} FROM files WHERE path = $1", StoredPath.Write(path)).FirstOrDefault();

    public IReadOnlyList<IndexedFile> FilesOf(ContentId content) => Files($"SELECT {Columns} FROM files WHERE sha256 = $1 ORDER BY path", Bytes(content));

    public IReadOnlyList<IndexedFile> FilesWithInode(ulong inode) => Files($"SELECT {Columns} FROM files WHERE inode = $1", (long)inode);

    /// <summary>A page of files in path order, from after a path on.</summary>
    public IReadOnlyList<IndexedFile> FilesAfter(EntryPath? path) => path is { } after
        ? Files($"SELECT {Columns} FROM files WHERE path > $1 ORDER BY path LIMIT $2", StoredPath.Write(after), Page)
        : Files($"SELECT {Columns} FROM files ORDER BY path LIMIT $1", Page);

    /// <summary>True when a file has this path, or one below it.</summary>
    public bool HasAtOrUnder(EntryPath path) =>
        FileAt(path) is not null || Files($"SELECT {Columns} FROM files WHERE path > $1 ORDER BY path LIMIT 1", StoredPath.Write(path)) is [var next] && next.Path.IsAtOrUnder(path);

    /// <summary>A page of files with a folded text in their path, in path order, from after a path on.</summary>
    public IReadOnlyList<IndexedFile> FilesNamed(string folded, EntryPath? path) =>
        Files($"SELECT {Columns} FROM files WHERE path > $1 AND instr(folded, $2) > 0 ORDER BY path LIMIT $3", path is { } after ? StoredPath.Write(after) : Array.Empty<byte>(), folded, SearchPage);

    /// <summary>Some files in path order, from a path on; that one is included.</summary>
    public IReadOnlyList<IndexedFile> FilesFrom(EntryPath path) => Files($"SELECT {Columns} FROM files WHERE path >= $1 ORDER BY path LIMIT 100", StoredPath.Write(path));

    public bool HasSize(long size) => Number("SELECT EXISTS (SELECT 1 FROM files WHERE size = $1)", size) != 0;

    /// <summary>True when a file has this path, or one that some system takes for the same.</summary>
    public bool HasFolded(string folded) => Number("SELECT EXISTS (SELECT 1 FROM files WHERE folded = $1)", folded) != 0;

    public long FileCount => Number("SELECT count(*) FROM files");

    public LibraryStatistics Statistics() => Query(
        """
        SELECT (SELECT count(*) FROM files), (SELECT ifnull(sum(size), 0) FROM files), count(*), ifnull(sum(size), 0),
            (SELECT count(*) FROM names), (SELECT count(*) FROM deleted)
        FROM (SELECT size FROM files GROUP BY sha256)
        """,
        row => new LibraryStatistics(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)))[0];

    public void Put(IndexedFile file)
    {
        Execute(
            """
            INSERT INTO files (path, folded, sha256, size, mtime, mtime_ns, ctime, ctime_ns, inode) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, mtime = excluded.mtime, mtime_ns = excluded.mtime_ns,
                ctime = excluded.ctime, ctime_ns = excluded.ctime_ns, inode = excluded.inode
            """,
            StoredPath.Write(file.Path), LibraryName.Fold(file.Path), Bytes(file.Content), file.Size, file.Modified.Seconds, file.Modified.Nanoseconds, file.Changed.Seconds, file.Changed.Nanoseconds, (long)file.Inode);
        // Afterwards: whoever looked before this is told that there is more.
        Interlocked.Increment(ref _arrivals);
    }

    public void Remove(EntryPath path) => Execute("DELETE FROM files WHERE path = $1", StoredPath.Write(path));

    public void Put(string client, string job, Entry entry) => Execute(
        "INSERT INTO names (client, job, path, entry) VALUES ($1, $2, $3, $4) ON CONFLICT (client, job, path) DO UPDATE SET entry = excluded.entry",
        client, job, StoredPath.Write(entry.Path), Pack(entry));

    /// <summary>A page of a client's names in path order, from after a path on.</summary>
    public IReadOnlyList<Entry> NamesAfter(string client, string job, EntryPath? path) => path is { } after
        ? Query("SELECT entry FROM names WHERE client = $1 AND job = $2 AND path > $3 ORDER BY path LIMIT $4", ReadEntry, client, job, StoredPath.Write(after), Page)
        : Query("SELECT entry FROM names WHERE client = $1 AND job = $2 ORDER BY path LIMIT $3", ReadEntry, client, job, Page);

    /// <summary>What a client's job brought under a name; null for nothing.</summary>
    public Entry? NameAt(string client, string job, EntryPath path) =>
        Query("SELECT entry FROM names WHERE client = $1 AND job = $2 AND path = $3", ReadEntry, client, job, StoredPath.Write(path)).FirstOrDefault();

    public void RemoveName(string client, string job, EntryPath path) => Execute("DELETE FROM names WHERE client = $1 AND job = $2 AND path = $3", client, job, StoredPath.Write(path));

    /// <summary>Whether a content may have another name than this one. Looks through all names.</summary>
    public bool HasOtherName(ContentId content, string client, string job, EntryPath path) => Number(
        "SELECT EXISTS (SELECT 1 FROM names WHERE instr(entry, $1) > 0 AND NOT (client = $2 AND job = $3 AND path = $4))", Bytes(content), client, job, StoredPath.Write(path)) != 0;

    /// <summary>The jobs of a client that uploaded anything.</summary>
    public IReadOnlyList<string> JobsOf(string client) => Query("SELECT DISTINCT job FROM names WHERE client = $1 ORDER BY job", row => row.GetString(0), client);

    public IReadOnlyList<string> Clients() => Query("SELECT DISTINCT client FROM names ORDER BY client", row => row.GetString(0));

    public bool AnyDeleted => Number("SELECT EXISTS (SELECT 1 FROM deleted)") != 0;

    public bool IsDeleted(ContentId content) => Number("SELECT EXISTS (SELECT 1 FROM deleted WHERE sha256 = $1)", Bytes(content)) != 0;

    /// <summary>What was deleted for good, with the path it had.</summary>
    public IReadOnlyList<(ContentId Content, EntryPath? Path)> Deleted() =>
        Query("SELECT sha256, path FROM deleted ORDER BY path", row => (new ContentId((byte[])row.GetValue(0)), row.IsDBNull(1) ? (EntryPath?)null : StoredPath.Read((byte[])row.GetValue(1))));

    /// <summary>Whether contents that go away are remembered.</summary>
    public bool Remembers => Fact("remember") != 0;

    /// <summary>Takes note of a decision.</summary>
    public void Put(DecisionLine line)
    {
        if (line.Decision is Decision.Forget or Decision.Remember)
            Set("remember", line.Decision == Decision.Remember ? 1 : 0);
        else if (line is { Decision: Decision.Deleted, Content: { } gone })
            Execute("INSERT OR REPLACE INTO deleted (sha256, path) VALUES ($1, $2)", Bytes(gone), line.Path is { } path ? StoredPath.Write(path) : null);
        else if (line.Content is { } back)
            Execute("DELETE FROM deleted WHERE sha256 = $1", Bytes(back));
    }

    /// <summary>When a content was read back last; null when it never was since its bytes came.</summary>
    public DateTimeOffset? VerifiedAt(ContentId content) =>
        Number("SELECT ifnull((SELECT at FROM verified WHERE sha256 = $1), 0)", Bytes(content)) is not 0 and var at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;

    /// <summary>Takes note of a content that was read back, or came anew.</summary>
    public void Put(VerifiedLine line)
    {
        if (!line.IsNew)
        {
            Execute("INSERT OR REPLACE INTO verified (sha256, at) VALUES ($1, $2)", Bytes(line.Content), line.At.ToUnixTimeSeconds());
            return;
        }
        Execute("DELETE FROM verified WHERE sha256 = $1", Bytes(line.Content));
        Interlocked.Increment(ref _arrivals);
    }

    /// <summary>Some contents that were not read back since they came.</summary>
    /// <param name="most">How many.</param>
    /// <param name="after">The last one of the page before; null for the first. Without it each page would pass over all that were read.</param>
    public IReadOnlyList<ContentId> NotVerified(int most, ContentId? after) => Query(
        "SELECT DISTINCT sha256 FROM files WHERE sha256 > $1 AND size > 0 AND NOT EXISTS (SELECT 1 FROM verified WHERE verified.sha256 = files.sha256) ORDER BY sha256 LIMIT $2",
        row => new ContentId((byte[])row.GetValue(0)),
        after is { } last ? Bytes(last) : Array.Empty<byte>(),
        most);

    /// <summary>Grows whenever there may be a content again that was not read back.</summary>
    public long Arrivals => Interlocked.Read(ref _arrivals);

    /// <summary>Number and size of every file that is not empty; first those whose content was never read back, then the rest by the date.</summary>
    public IReadOnlyList<(long Number, long Size)> FilesByVerification() => Query(
        "SELECT f.number, f.size FROM files f LEFT JOIN verified v ON v.sha256 = f.sha256 WHERE f.size > 0 ORDER BY ifnull(v.at, 0), f.path",
        row => (row.GetInt64(0), row.GetInt64(1)));

    /// <summary>The file of a number; null when it went meanwhile.</summary>
    public IndexedFile? FileNumbered(long number) => Files($"SELECT {Columns} FROM files WHERE number = $1", number).FirstOrDefault();

    /// <summary>How much was read back since its bytes came, and when the file that waits longest was.</summary>
    public VerificationState Verification() => Query(
        """
        SELECT count(*), ifnull(sum(f.size), 0), ifnull(sum(v.at IS NULL), 0), ifnull(sum(CASE WHEN v.at IS NULL THEN f.size ELSE 0 END), 0), min(v.at)
        FROM files f LEFT JOIN verified v ON v.sha256 = f.sha256 WHERE f.size > 0
        """,
        row => new VerificationState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(4))))[0];

    /// <summary>How far a file of the record is read, in bytes.</summary>
    public long Fact(string name) => Number("SELECT ifnull((SELECT value FROM facts WHERE name = $1), 0)", name);

    public void Set(string name, long value) => Execute("INSERT OR REPLACE INTO facts (name, value) VALUES ($1, $2)", name, value);

    /// <summary>Forgets what came from the record; files stay.</summary>
    public void ForgetRecord()
    {
        Execute("DELETE FROM names");
        Execute("DELETE FROM deleted");
        Execute("DELETE FROM verified");
        Execute("DELETE FROM facts");
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        if (_writes)
            LeaveWal();
        _connection.Dispose();
    }

    /// <summary>A database in WAL mode makes files beside it even for readers, who are not to write into the place.</summary>
    private void LeaveWal()
    {
        // A command of the library would try for 30 seconds. Whoever reads just now must not be waited for: the next one does it.
        SQLitePCL.raw.sqlite3_busy_timeout(_connection.Handle, 0);
        _ = SQLitePCL.raw.sqlite3_exec(_connection.Handle, "PRAGMA journal_mode = DELETE");
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            IndexSchema.Execute(connection, "PRAGMA busy_timeout = 30000");
            IndexSchema.Execute(connection, "PRAGMA journal_mode = WAL");
            // An index: a power loss may cost the last transactions, never the database.
            IndexSchema.Execute(connection, "PRAGMA synchronous = NORMAL");
            IndexSchema.Ensure(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private List<IndexedFile> Files(string sql, params object?[] values) => Query(
        sql,
        row => new IndexedFile(
            StoredPath.Read((byte[])row.GetValue(0)),
            new ContentId((byte[])row.GetValue(1)),
            row.GetInt64(2),
            new Timestamp(row.GetInt64(3), row.GetInt32(4)),
            new Timestamp(row.GetInt64(5), row.GetInt32(6)),
            (ulong)row.GetInt64(7)),
        values);

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values)
    {
        lock (_lock)
        {
            using var row = Command(sql, values).ExecuteReader();
            var found = new List<T>();
            while (row.Read())
                found.Add(read(row));
            return found;
        }
    }

    private long Number(string sql, params object?[] values)
    {
        lock (_lock)
            return (long)Command(sql, values).ExecuteScalar()!;
    }

    private void Execute(string sql, params object?[] values)
    {
        lock (_lock)
            Command(sql, values).ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, object?[] values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i + 1}") });
            _commands[sql] = command;
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    private static byte[] Bytes(ContentId content)
    {
        var bytes = new byte[ContentId.Size];
        content.CopyTo(bytes);
        return bytes;
    }

    private static byte[] Pack(Entry entry)
    {
        using var stream = new MemoryStream();
        using (var writer = new EntryWriter(stream))
            writer.Write(entry);
        return stream.ToArray();
    }

    private static Entry ReadEntry(SqliteDataReader row)
    {
        using var reader = new EntryReader(new MemoryStream((byte[])row.GetValue(0)));
        return reader.Read();
    }
}
