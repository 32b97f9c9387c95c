using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Holdfast.Library.Index;

/// <summary>The index's tables. Another version's are dropped: a scan and the record fill them again.</summary>
internal static class IndexSchema
{
    private const int Version = 1;

    // Paths are stored with '/' as NUL, so that SQLite's byte order is path order (EntryPath).
    private const string Tables = """
        CREATE TABLE files (
            number INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, folded TEXT NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
            mtime INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL);
        CREATE INDEX files_of_content ON files (sha256);
        CREATE INDEX files_of_size ON files (size);
        CREATE INDEX files_of_inode ON files (inode);
        CREATE INDEX files_folded ON files (folded);
        CREATE TABLE names (client TEXT NOT NULL, job TEXT NOT NULL, path BLOB NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (client, job, path)) WITHOUT ROWID;
        CREATE TABLE deleted (sha256 BLOB PRIMARY KEY, path BLOB) WITHOUT ROWID;
        CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    public static void Ensure(SqliteConnection connection)
    {
        // Came later than the others; it is filled from its record.
        Execute(connection, "CREATE TABLE IF NOT EXISTS verified (sha256 BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID");
        if (VersionOf(connection) == Version)
            return;
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var table in new[] { "files", "names", "deleted", "facts" })
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

    public static bool IsCurrent(SqliteConnection connection) => VersionOf(connection) == Version;

    private static long VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
