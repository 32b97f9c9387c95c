using System.Globalization;
using Holdfast.Core.Model;
using Microsoft.Data.Sqlite;

namespace Holdfast.Core.Catalog;

/// <summary>The catalog's tables. An older version's are dropped: everything in them can be read again from the places.</summary>
internal static class CatalogSchema
{
    private const int Version = 2;

    // Paths are stored with '/' as NUL, so that SQLite's byte order is path order (EntryPath).
    private const string Tables = """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL, target TEXT NOT NULL, place TEXT, snapshot TEXT,
            started TEXT NOT NULL, duration INTEGER NOT NULL, outcome INTEGER NOT NULL,
            files INTEGER NOT NULL, bytes INTEGER NOT NULL, failures INTEGER NOT NULL);
        CREATE INDEX runs_of_job ON runs (job, started);
        CREATE TABLE places (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state TEXT, read TEXT, seen TEXT, snapshots INTEGER, newest TEXT);
        CREATE TABLE contents (number INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, size INTEGER NOT NULL);
        CREATE TABLE copies (
            place INTEGER NOT NULL, path BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER, content INTEGER NOT NULL,
            tracked INTEGER NOT NULL, verified TEXT, PRIMARY KEY (place, path, first)) WITHOUT ROWID;
        CREATE INDEX copies_of_content ON copies (content);
        """;

    /// <summary>Makes the tables where this version's are not there; safe when two processes do it at once.</summary>
    /// <exception cref="HoldfastException">They are a newer version's.</exception>
    public static void Ensure(SqliteConnection connection)
    {
        if (VersionOf(connection) == Version)
            return;
        using var transaction = connection.BeginTransaction(deferred: false);
        switch (VersionOf(connection))
        {
            case Version: return;
            case > Version: throw new HoldfastException(ErrorKind.Failed, "the catalog was made by a newer Holdfast.", "Use that version; the backups themselves are not affected.");
        }
        foreach (var table in new[] { "runs", "places", "contents", "copies" })
            Execute(connection, $"DROP TABLE IF EXISTS {table}");
        Execute(connection, Tables);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        transaction.Commit();
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
