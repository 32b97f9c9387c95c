using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Microsoft.Data.Sqlite;

namespace Holdfast.Core.Catalog;

/// <summary>
/// Brings the copies of a place up to a snapshot: a merge-join in path order of what the snapshot lists and what the catalog
/// knew. One transaction a snapshot; cut off, the import is as before it.
/// </summary>
/// <param name="writing">Writes.</param>
/// <param name="reading">Reads what was there before the transaction, undisturbed by it.</param>
internal sealed class SnapshotImport(SqliteConnection writing, SqliteConnection reading)
{
    public int CatchUp(string placeId, ISnapshots snapshots, CancellationToken cancellationToken)
    {
        var imported = 0;
        foreach (var snapshot in snapshots.Snapshots)
            if (Import(placeId, snapshots, snapshot, cancellationToken))
                imported++;
        return imported;
    }

    private bool Import(string placeId, ISnapshots snapshots, Snapshot snapshot, CancellationToken cancellationToken)
    {
        // Invariant: taken before anything is read, so that two processes import one after the other.
        using var transaction = writing.BeginTransaction(deferred: false);
        var (place, last) = Place(placeId, snapshots.Name);
        if (snapshot.Number <= last)
            return false;
        using (var changes = new Changes(writing, place, snapshot.Number))
            Merge(place, snapshots.Entries(snapshot, EntryPath.Root, cancellationToken), changes, cancellationToken);
        Run("UPDATE places SET last = $2, snapshot = $3, name = $4 WHERE number = $1", place, snapshot.Number, snapshot.Id, snapshots.Name);
        transaction.Commit();
        return true;
    }

    private void Merge(long place, IEnumerable<SnapshotEntry> entries, Changes changes, CancellationToken cancellationToken)
    {
        using var known = reading.CreateCommand();
        known.CommandText = "SELECT path, first, content, tracked FROM copies WHERE place = $1 AND last IS NULL ORDER BY path";
        known.Parameters.AddWithValue("$1", place);
        using var row = known.ExecuteReader();
        var has = row.Read();
        foreach (var (entry, _) in entries)
        {
            if (entry is not { Type: EntryType.File, Content: { } content })
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            var path = StoredPath.Write(entry.Path);
            for (; has && Order(row, path) < 0; has = row.Read())
                changes.End((byte[])row.GetValue(0), row.GetInt64(1));
            var number = changes.Content(content, entry.Size);
            if (!has || Order(row, path) != 0)
            {
                changes.Begin(path, number, entry.Tracked);
                continue;
            }
            if (row.GetInt64(2) != number || row.GetInt64(3) != (entry.Tracked ? 1 : 0))
            {
                changes.End(path, row.GetInt64(1));
                changes.Begin(path, number, entry.Tracked);
            }
            has = row.Read();
        }
        for (; has; has = row.Read())
            changes.End((byte[])row.GetValue(0), row.GetInt64(1));
    }

    private static int Order(SqliteDataReader row, byte[] path) => ((byte[])row.GetValue(0)).AsSpan().SequenceCompareTo(path);

    private (long Number, long Last) Place(string id, string name)
    {
        Run("INSERT INTO places (id, name, last) VALUES ($1, $2, 0) ON CONFLICT (id) DO NOTHING", id, name);
        using var command = writing.CreateCommand();
        command.CommandText = "SELECT number, last FROM places WHERE id = $1";
        command.Parameters.AddWithValue("$1", id);
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private void Run(string sql, params object[] values)
    {
        using var command = writing.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        command.ExecuteNonQuery();
    }

    /// <summary>The statements of one import, prepared once.</summary>
    private sealed class Changes : IDisposable
    {
        private readonly SqliteCommand _begin, _end, _find, _add;

        public Changes(SqliteConnection connection, long place, long snapshot)
        {
            _begin = Prepare(connection, "INSERT INTO copies (place, path, first, content, tracked) VALUES ($4, $1, $5, $2, $3)");
            _end = Prepare(connection, "UPDATE copies SET last = $5 - 1 WHERE place = $4 AND path = $1 AND first = $2");
            _find = Prepare(connection, "SELECT number FROM contents WHERE sha256 = $1");
            _add = Prepare(connection, "INSERT INTO contents (sha256, size) VALUES ($1, $2) RETURNING number");
            foreach (var command in new[] { _begin, _end })
            {
                command.Parameters.AddWithValue("$4", place);
                command.Parameters.AddWithValue("$5", snapshot);
            }
        }

        public void Begin(byte[] path, long content, bool tracked) => Bind(_begin, path, content, tracked ? 1L : 0L).ExecuteNonQuery();

        public void End(byte[] path, long first) => Bind(_end, path, first).ExecuteNonQuery();

        public long Content(ContentId content, long size)
        {
            var bytes = CatalogDatabase.Bytes(content);
            return (long)(Bind(_find, bytes).ExecuteScalar() ?? Bind(_add, bytes, size).ExecuteScalar()!);
        }

        public void Dispose()
        {
            _begin.Dispose();
            _end.Dispose();
            _find.Dispose();
            _add.Dispose();
        }

        private static SqliteCommand Prepare(SqliteConnection connection, string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }

        private static SqliteCommand Bind(SqliteCommand command, params object[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var name = $"${i + 1}";
                if (command.Parameters.Contains(name))
                    command.Parameters[name].Value = values[i];
                else
                    command.Parameters.AddWithValue(name, values[i]);
            }
            return command;
        }
    }
}
