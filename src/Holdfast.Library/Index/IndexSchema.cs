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

    // Counts and the trigrams of the paths (FTS5) follow the files by themselves. An update never changes a path.
    private const string Followers = """
        CREATE TABLE sums (files INTEGER NOT NULL, bytes INTEGER NOT NULL, contents INTEGER NOT NULL, content_bytes INTEGER NOT NULL, names INTEGER NOT NULL);
        INSERT INTO sums SELECT
            (SELECT count(*) FROM files), (SELECT ifnull(sum(size), 0) FROM files), count(*), ifnull(sum(size), 0), (SELECT count(*) FROM names)
            FROM (SELECT size FROM files GROUP BY sha256);
        CREATE VIRTUAL TABLE search USING fts5 (folded, content = 'files', content_rowid = 'number', tokenize = 'trigram case_sensitive 1');
        INSERT INTO search (rowid, folded) SELECT number, folded FROM files;
        CREATE TRIGGER file_came AFTER INSERT ON files BEGIN
            INSERT INTO search (rowid, folded) VALUES (NEW.number, NEW.folded);
            UPDATE sums SET files = files + 1, bytes = bytes + NEW.size;
            UPDATE sums SET contents = contents + 1, content_bytes = content_bytes + NEW.size
                WHERE NOT EXISTS (SELECT 1 FROM files WHERE sha256 = NEW.sha256 AND number <> NEW.number);
        END;
        CREATE TRIGGER file_went AFTER DELETE ON files BEGIN
            INSERT INTO search (search, rowid, folded) VALUES ('delete', OLD.number, OLD.folded);
            UPDATE sums SET files = files - 1, bytes = bytes - OLD.size;
            UPDATE sums SET contents = contents - 1, content_bytes = content_bytes - OLD.size
                WHERE NOT EXISTS (SELECT 1 FROM files WHERE sha256 = OLD.sha256);
        END;
        CREATE TRIGGER file_changed AFTER UPDATE OF sha256 ON files WHEN OLD.sha256 <> NEW.sha256 BEGIN
            UPDATE sums SET bytes = bytes + NEW.size - OLD.size;
            UPDATE sums SET contents = contents + 1, content_bytes = content_bytes + NEW.size
                WHERE NOT EXISTS (SELECT 1 FROM files WHERE sha256 = NEW.sha256 AND number <> NEW.number);
            UPDATE sums SET contents = contents - 1, content_bytes = content_bytes - OLD.size
                WHERE NOT EXISTS (SELECT 1 FROM files WHERE sha256 = OLD.sha256);
        END;
        CREATE TRIGGER name_came AFTER INSERT ON names BEGIN UPDATE sums SET names = names + 1; END;
        CREATE TRIGGER name_went AFTER DELETE ON names BEGIN UPDATE sums SET names = names - 1; END;
        """;

    public static void Ensure(SqliteConnection connection)
    {
        // Came later than the others; it is filled from its record.
        Execute(connection, "CREATE TABLE IF NOT EXISTS verified (sha256 BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID");
        using var transaction = connection.BeginTransaction(deferred: false);
        if (VersionOf(connection) != Version)
        {
            foreach (var table in new[] { "files", "names", "deleted", "facts", "sums", "search", "damaged" })
                Execute(connection, $"DROP TABLE IF EXISTS {table}");
            Execute(connection, Tables);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        }
        // Empty in an index that is made anew, for whoever fills it reads every file.
        Execute(connection, "CREATE TABLE IF NOT EXISTS damaged (path BLOB PRIMARY KEY) WITHOUT ROWID");
        // So did this. 0 stands for the place's own file system; a scan corrects it for a file that lies on another.
        if (!HasMounts(connection))
            Execute(connection, "ALTER TABLE files ADD COLUMN mount INTEGER NOT NULL DEFAULT 0");
        // These came later too; they are filled from the others.
        if (!Has(connection, "sums"))
            Execute(connection, Followers);
        transaction.Commit();
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>True when one who may only read finds every table there.</summary>
    public static bool IsCurrent(SqliteConnection connection) => VersionOf(connection) == Version && Has(connection, "sums") && Has(connection, "damaged") && HasMounts(connection);

    private static bool HasMounts(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('files') WHERE name = 'mount')";
        return (long)command.ExecuteScalar()! != 0;
    }

    private static bool Has(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = $1)";
        command.Parameters.AddWithValue("$1", table);
        return (long)command.ExecuteScalar()! != 0;
    }

    private static long VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
