using System.Globalization;
using Holdfast.Core.Catalog;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Microsoft.Data.Sqlite;

namespace Holdfast.Library.Index;

/// <summary>
/// The index of a library: which files were hashed, and what the record says. It may be deleted: a scan and the record fill
/// it again. Used by many threads at once, one at a time.
/// </summary>
internal sealed partial class LibraryIndex : IDisposable
{
    private const int Corrupt = 11, NotADatabase = 26, Page = 2000;

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private readonly bool _writes;
    private readonly NestedMounts? _mounts;
    private readonly HashSet<EntryPath> _damaged = [];
    private volatile bool _anyDamaged;
    private long _arrivals;

    private LibraryIndex(SqliteConnection connection, IFolder? writes = null)
    {
        _connection = connection;
        _writes = writes is not null;
        _mounts = writes is null ? null : new NestedMounts(writes);
        ReadDamage();
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
            return new LibraryIndex(Connect(file), writes: place);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            foreach (var ending in new[] { "", "-wal", "-shm" })
                if (EntryPath.From(LibraryLayout.Index + ending) is var part && place.TryStat(part) is not null)
                    place.Remove(part);
            return new LibraryIndex(Connect(file), writes: place);
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
                RollBack();
                ReadDamage();
                throw;
            }
        }
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
            // KiB. What stands above the leaves of a million files' indexes.
            IndexSchema.Execute(connection, "PRAGMA cache_size = -32768");
            IndexSchema.Ensure(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values) => Ask(() =>
    {
        using var row = Command(sql, values).ExecuteReader();
        var found = new List<T>();
        while (row.Read())
            found.Add(read(row));
        return found;
    });

    private long Number(string sql, params object?[] values) => Ask(() => (long)Command(sql, values).ExecuteScalar()!);

    private void Execute(string sql, params object?[] values) => Ask(() => Command(sql, values).ExecuteNonQuery());

    /// <summary>One at a time; a disk that is full or broken is one for the index, too, and whoever can wait for room waits.</summary>
    /// <exception cref="FileSystemException">The disk does not take or give it.</exception>
    private T Ask<T>(Func<T> question)
    {
        lock (_lock)
            try
            {
                return question();
            }
            catch (SqliteException e) when (ReasonOf(e) is { } reason)
            {
                throw new FileSystemException("work with", _connection.DataSource, reason);
            }
    }

    // https://sqlite.org/rescode.html
    private static Errno? ReasonOf(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => Errno.NoSpace,
        SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN => Errno.InputOutput,
        SQLitePCL.raw.SQLITE_READONLY => Errno.ReadOnlyFileSystem,
        _ => null,
    };

    /// <summary>After some errors SQLite has done it by itself.</summary>
    private void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            Execute("ROLLBACK");
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
}
