using System.Globalization;
using Holdfast.Core.Catalog;
using Holdfast.Core.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Holdfast.Volumes.Database;

/// <summary>
/// What is known of the volumes of one place: a cache that they can rebuild. All changes of a run are one transaction, so a
/// run that fails leaves no trace. One instance is for one thread at a time.
/// </summary>
internal sealed partial class VolumeDatabase : IDisposable
{
    private const int Corrupt = 11, NotADatabase = 26, Busy = 5;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private SqliteTransaction? _transaction;
    private bool _isPrepared;
    private HotStatement? _insertVersion, _insertCopy, _replaceEntry, _setSaved;

    private VolumeDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the database of a place, making it where missing. A damaged one, or one of another version, is made anew.</summary>
    /// <exception cref="HoldfastException">It cannot be opened, or belongs to another place.</exception>
    public static VolumeDatabase Open(string path, string placeId)
    {
        SystemSqlite.Choose();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return TryOpen(path, placeId) ?? Anew(path, placeId);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return Anew(path, placeId);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the database of volumes '{path}' cannot be opened: {e.Message}", "It is a cache: it may be deleted.", e);
        }
    }

    /// <summary>A database in memory, for a place that is only planned.</summary>
    public static VolumeDatabase InMemory()
    {
        SystemSqlite.Choose();
        return Prepare(new SqliteConnection("Data Source=:memory:"), "none")!;
    }

    /// <summary>Begins a transaction that writes.</summary>
    /// <exception cref="HoldfastException">Another process writes to it.</exception>
    public void Begin()
    {
        try
        {
            _transaction ??= _connection.BeginTransaction(deferred: false);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Busy)
        {
            throw new HoldfastException(ErrorKind.Locked, "another run is at work with the database of these volumes.", "Wait for it to end.", e);
        }
        catch (SqliteException e) when (_isPrepared)
        {
            throw Failed(_connection.DataSource, e);
        }
    }

    public void Commit() => Do(() =>
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
        return true;
    });

    public void RollBack()
    {
        // After an error such as a full disk SQLite has rolled back by itself, and the transaction that ADO.NET still holds could
        // not be ended, nor the connection be closed: it is given another one to roll back.
        if (_transaction is not null && raw.sqlite3_get_autocommit(_connection.Handle) != 0)
            _ = raw.sqlite3_exec(_connection.Handle, "BEGIN");
        _transaction?.Rollback();
        _transaction?.Dispose();
        _transaction = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        RollBack();
        foreach (var statement in _idle.Values.SelectMany(s => s).Concat([_insertVersion, _insertCopy, _replaceEntry, _setSaved]))
            statement?.Dispose();
        foreach (var command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private static VolumeDatabase Anew(string path, string placeId)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(path + suffix);
        return TryOpen(path, placeId)!;
    }

    private static VolumeDatabase? TryOpen(string path, string placeId) =>
        Prepare(new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5, Pooling = false }.ToString()), placeId);

    private static VolumeDatabase? Prepare(SqliteConnection connection, string placeId)
    {
        var database = new VolumeDatabase(connection);
        try
        {
            connection.Open();
            database.Execute("PRAGMA journal_mode=WAL");
            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA cache_size=-32000");
            var version = (long)database.Scalar("PRAGMA user_version")!;
            if (version == 0)
                database.Create(placeId);
            else if (version != Schema.Version)
            {
                database.Dispose();
                return null;
            }
            database.RequirePlace(placeId);
            database._isPrepared = true;
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Create(string placeId)
    {
        Begin();
        if ((long)Scalar("PRAGMA user_version")! == 0)
        {
            Execute(Schema.Sql);
            Execute("INSERT INTO meta VALUES ('place', $1)", placeId);
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Schema.Version}"));
        }
        Commit();
    }

    private void RequirePlace(string placeId)
    {
        if (Scalar("SELECT value FROM meta WHERE name = 'place'") as string is { } known && known != placeId)
            throw new HoldfastException(ErrorKind.Usage, $"the database belongs to the place {known}, not to {placeId}.", "Every place has a database of its own: leave 'database:' out, or let it name a folder (with '/' at its end).");
    }

    private SqliteCommand Command(string sql, object?[] values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(CultureInfo.InvariantCulture) });
            _commands.Add(sql, command);
        }
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    private void Execute(string sql, params object?[] values) => Do(() => Command(sql, values).ExecuteNonQuery());

    private object? Scalar(string sql, params object?[] values) => Do(() => Command(sql, values).ExecuteScalar()) is { } value and not DBNull ? value : null;

    /// <summary>A disk that is full, or a file that is damaged behind its first page: the target fails, not the program.</summary>
    public static HoldfastException Failed(string path, SqliteException e) =>
        new(ErrorKind.Failed, $"the database of volumes '{path}' does not work: {e.Message}", "It is a cache: make room on its disk, or delete it.", e);

    private T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (_isPrepared)
        {
            throw Failed(_connection.DataSource, e);
        }
    }

    /// <summary>All rows of a query that is asked often and gives few.</summary>
    private List<T> Few<T>(Func<SqliteDataReader, T> read, string sql, params object?[] values)
    {
        var found = new List<T>();
        using var rows = Command(sql, values).ExecuteReader();
        while (rows.Read())
            found.Add(read(rows));
        return found;
    }

    /// <summary>Rows as they are read. A query of its own command, so that others may run meanwhile.</summary>
    private IEnumerable<T> Rows<T>(Func<SqliteDataReader, T> read, string sql, params object?[] values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue("$" + (i + 1).ToString(CultureInfo.InvariantCulture), values[i] ?? DBNull.Value);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return read(rows);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
