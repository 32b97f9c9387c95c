using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Microsoft.Data.Sqlite;

namespace Holdfast.Core.Catalog;

/// <summary>
/// Makes what the catalog knows of a place what the place's own records say: one pass over both in path order, whatever
/// happened to the place meanwhile (new snapshots, forgotten ones, another disk's state). Only what differs is written. One
/// transaction: cut off, everything is as before it.
/// </summary>
/// <param name="writing">Writes.</param>
/// <param name="reading">Reads what was there before the transaction, undisturbed by it.</param>
internal sealed class PlaceImport(SqliteConnection writing, SqliteConnection reading)
{
    /// <returns>False when nothing had changed since the last time; then nothing was read either.</returns>
    public bool CatchUp(string placeId, ISnapshots snapshots, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Invariant: taken before anything is read, so that two processes import one after the other.
        using var transaction = writing.BeginTransaction(deferred: false);
        var state = string.Join(' ', snapshots.Snapshots.Select(s => s.Id));
        var (place, isNew) = Place(placeId, snapshots.Name, state);
        if (isNew)
        {
            using var changes = new CopyChanges(writing, place);
            Merge(place, Copies(snapshots, cancellationToken), changes);
        }
        Run("UPDATE places SET state = $2, read = $3 WHERE number = $1", place, state, CatalogDatabase.Text(now));
        transaction.Commit();
        return isNew;
    }

    private void Merge(long place, IEnumerable<CopyRow> wanted, CopyChanges changes)
    {
        using var known = Known(place).GetEnumerator();
        var has = known.MoveNext();
        foreach (var row in wanted)
        {
            for (; has && known.Current.CompareTo(row) < 0; has = known.MoveNext())
                changes.Remove(known.Current);
            if (!has || known.Current.CompareTo(row) != 0)
            {
                changes.Add(row);
                continue;
            }
            if (!known.Current.Says(row))
            {
                changes.Remove(known.Current);
                changes.Add(row);
            }
            has = known.MoveNext();
        }
        for (; has; has = known.MoveNext())
            changes.Remove(known.Current);
    }

    /// <summary>Versions with the same contents, one after the other, are one copy.</summary>
    private static IEnumerable<CopyRow> Copies(ISnapshots snapshots, CancellationToken cancellationToken)
    {
        foreach (var history in ListedHistory.Of(snapshots).Histories(new HistoryQuery(), cancellationToken))
        {
            CopyRow? copy = null;
            foreach (var version in history.Versions)
            {
                var next = CopyRow.Of(version);
                if (copy is not null && next is not null && copy.IsContinuedBy(next))
                {
                    copy = copy with { Last = next.Last };
                    continue;
                }
                if (copy is not null)
                    yield return copy;
                copy = next;
            }
            if (copy is not null)
                yield return copy;
        }
    }

    private IEnumerable<CopyRow> Known(long place)
    {
        using var command = reading.CreateCommand();
        command.CommandText = "SELECT c.path, c.first, c.last, t.sha256, t.size, c.tracked FROM copies c JOIN contents t ON t.number = c.content WHERE c.place = $1 ORDER BY c.path, c.first";
        command.Parameters.AddWithValue("$1", place);
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return new CopyRow(
                (byte[])row.GetValue(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), new ContentId((byte[])row.GetValue(3)), row.GetInt64(4), row.GetInt64(5) != 0);
    }

    private (long Number, bool IsNew) Place(string id, string name, string state)
    {
        Run("INSERT INTO places (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", id, name);
        using var command = writing.CreateCommand();
        command.CommandText = "SELECT number, state FROM places WHERE id = $1";
        command.Parameters.AddWithValue("$1", id);
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.IsDBNull(1) || row.GetString(1) != state);
    }

    private void Run(string sql, params object[] values)
    {
        using var command = writing.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        command.ExecuteNonQuery();
    }
}
