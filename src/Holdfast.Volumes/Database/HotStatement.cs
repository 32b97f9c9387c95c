using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Holdfast.Volumes.Database;

/// <summary>
/// A statement that is run, or a query whose rows are read, once for every entry, kept prepared: through ADO.NET it would cost
/// several times as much.
/// </summary>
internal sealed class HotStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly string _path;

    public HotStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        _path = connection.DataSource;
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

    public HotStatement Bind(int index, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    /// <summary>Runs it; returns the row id of the last insert.</summary>
    /// <exception cref="Core.Model.HoldfastException">It failed.</exception>
    public long Run()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            Check(result);
        return raw.sqlite3_last_insert_rowid(_database);
    }

    /// <summary>Goes to the first or the next row; false when there is none.</summary>
    /// <exception cref="Core.Model.HoldfastException">It failed.</exception>
    public bool Next()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_ROW && result != raw.SQLITE_DONE)
            Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>A number of the current row; NULL is 0.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A number of the current row that is never 0: runs and volumes count from 1.</summary>
    public long? NumberOrNull(int column) => Number(column) is not 0 and var number ? number : null;

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>Bytes of the current row, good until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    /// <summary>Lets go of the rows, so that it can be run anew.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw VolumeDatabase.Failed(_path, new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result));
    }
}
