using Holdfast.Core.Model;
using Microsoft.Data.Sqlite;

namespace Holdfast.Core.Catalog;

/// <summary>The statements of one import, prepared once.</summary>
internal sealed class CopyChanges : IDisposable
{
    private readonly long _place;
    private readonly SqliteCommand _add, _remove, _find, _addContent;

    public CopyChanges(SqliteConnection connection, long place)
    {
        _place = place;
        _add = Prepare(connection, "INSERT INTO copies (place, path, first, last, content, tracked) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _remove = Prepare(connection, "DELETE FROM copies WHERE place = $1 AND path = $2 AND first = $3", 3);
        _find = Prepare(connection, "SELECT number FROM contents WHERE sha256 = $1", 1);
        _addContent = Prepare(connection, "INSERT INTO contents (sha256, size) VALUES ($1, $2) RETURNING number", 2);
    }

    public void Add(CopyRow row) =>
        Bind(_add, _place, row.Path, row.First, row.Last ?? (object)DBNull.Value, Content(row.Content, row.Size), row.Tracked ? 1L : 0L).ExecuteNonQuery();

    public void Remove(CopyRow row) => Bind(_remove, _place, row.Path, row.First).ExecuteNonQuery();

    public void Dispose()
    {
        _add.Dispose();
        _remove.Dispose();
        _find.Dispose();
        _addContent.Dispose();
    }

    private long Content(ContentId content, long size)
    {
        var bytes = CatalogDatabase.Bytes(content);
        return (long)(Bind(_find, bytes).ExecuteScalar() ?? Bind(_addContent, bytes, size).ExecuteScalar()!);
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.AddWithValue($"${i}", DBNull.Value);
        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
