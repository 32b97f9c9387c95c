using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Holdfast.Volumes.Database;

/// <summary>A statement that is run once for every entry, kept prepared: through ADO.NET it would cost several times as much.</summary>
internal sealed class HotStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public HotStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public HotStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public HotStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span would bind NULL; the source itself has the empty path.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <summary>Runs it; returns the row id of the last insert.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public long Run()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
        return raw.sqlite3_last_insert_rowid(_database);
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result);
    }
}
