using System.Globalization;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Microsoft.Data.Sqlite;

namespace Holdfast.Core.Catalog;

/// <summary>
/// The client's database of runs, contents and copies: a cache, filled from the places' own records when somebody asks
/// (<see cref="CatchUp"/>). Deleting it loses no more than the dates of verifications. Several processes may use it at once;
/// one instance is for one thread.
/// </summary>
public sealed class CatalogDatabase : IDisposable
{
    private const int Corrupt = 11, NotADatabase = 26;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _patience;
    private readonly SqliteConnection _connection;
    private readonly List<string> _remarks = [];

    private CatalogDatabase(string path, TimeSpan patience)
    {
        FilePath = path;
        _patience = patience;
        _connection = Connect(path, patience);
    }

    /// <summary>Where it lies.</summary>
    public string FilePath { get; }

    /// <summary>What happened to it when it was opened: a damaged one was moved aside.</summary>
    public IReadOnlyCollection<string> Remarks => _remarks;

    /// <summary>Opens the catalog of a state folder, making both where missing.</summary>
    /// <param name="stateFolder">The client's state folder.</param>
    /// <param name="patience">How long another process that writes is waited for.</param>
    /// <exception cref="HoldfastException">It cannot be opened or made.</exception>
    public static CatalogDatabase Open(string stateFolder, TimeSpan? patience = null) => Use(stateFolder, catalog => catalog, patience, keepOpen: true);

    /// <summary>
    /// Opens the catalog, does something with it and closes it. One that turns out to be damaged is moved aside, and the same
    /// is done with a new one.
    /// </summary>
    /// <exception cref="HoldfastException">It cannot be opened, read or written to; says which catalog, and that it is a cache.</exception>
    public static T Use<T>(string stateFolder, Func<CatalogDatabase, T> work, TimeSpan? patience = null) => Use(stateFolder, work, patience, keepOpen: false);

    /// <summary>Remembers a run; all that a backup writes here.</summary>
    public void Add(CatalogRun run) => Execute(
        "INSERT INTO runs (job, target, place, snapshot, started, duration, outcome, files, bytes, failures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        run.Job, run.Target, run.Place, run.Snapshot, Text(run.Started), (long)run.Duration.TotalMilliseconds, (long)run.Outcome, run.Files, run.Bytes, run.Failures);

    /// <summary>Remembers the runs against the targets of a job, all or none.</summary>
    /// <returns>The <see cref="Remarks"/>.</returns>
    public IReadOnlyCollection<string> Add(IEnumerable<CatalogRun> runs)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var run in runs)
            Add(run);
        transaction.Commit();
        return Remarks;
    }

    /// <summary>The runs of a job, newest first.</summary>
    public IReadOnlyList<CatalogRun> Runs(string job, int most = 100) => Query("WHERE job = $1 ORDER BY started DESC, id DESC LIMIT $2", job, most);

    /// <summary>True when no run is known: the catalog is new.</summary>
    public bool HasNoRuns => Query("LIMIT 1").Count == 0;

    /// <summary>The last run of a job against a target, however it ended.</summary>
    public CatalogRun? Last(string job, string target) => Query("WHERE job = $1 AND target = $2 ORDER BY started DESC, id DESC LIMIT 1", job, target).FirstOrDefault();

    /// <summary>The last run of a job after which everything was safe; of one target, when that is named.</summary>
    public CatalogRun? LastGood(string job, string? target = null) =>
        Query("WHERE job = $1 AND outcome = 0 AND target = ifnull($2, target) ORDER BY started DESC, id DESC LIMIT 1", job, target).FirstOrDefault();

    /// <summary>Brings what is known of a place up to what its records say; memory does not grow with them.</summary>
    /// <returns>False when nothing had changed since the last time; the records are not read then.</returns>
    public bool CatchUp(string placeId, ISnapshots snapshots, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Saw(placeId, snapshots, now);
        using var reading = Connect(FilePath, _patience);
        return new PlaceImport(_connection, reading).CatchUp(placeId, snapshots, now, cancellationToken);
    }

    /// <summary>Remembers that a place was connected, and what it had; its records are not read.</summary>
    public void Saw(string placeId, ISnapshots snapshots, DateTimeOffset now) => Execute(
        """
        INSERT INTO places (id, name, seen, snapshots, newest) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET name = $2, seen = $3, snapshots = $4, newest = $5
        """,
        placeId, snapshots.Name, Text(now), snapshots.Snapshots.Count, snapshots.Snapshots is [.., var newest] ? Text(newest.Time) : null);

    /// <summary>The places that were seen under a target's name, the one seen last first: disks in rotation have one name.</summary>
    public IReadOnlyList<CatalogPlace> Places(string name)
    {
        using var command = Command("SELECT id, name, seen, snapshots, newest FROM places WHERE name = $1 AND seen IS NOT NULL ORDER BY seen DESC", name);
        using var row = command.ExecuteReader();
        var places = new List<CatalogPlace>();
        while (row.Read())
            places.Add(new CatalogPlace(row.GetString(0), row.GetString(1), Time(row.GetString(2)), row.GetInt32(3), row.IsDBNull(4) ? null : Time(row.GetString(4))));
        return places;
    }

    /// <summary>Every known copy of a content.</summary>
    public IReadOnlyList<ContentCopy> CopiesOf(ContentId content)
    {
        using var command = Command(
            """
            SELECT p.id, p.name, p.read, c.path, t.size, c.first, c.last, c.tracked, c.verified
            FROM contents t JOIN copies c ON c.content = t.number JOIN places p ON p.number = c.place
            WHERE t.sha256 = $1 ORDER BY p.number, c.path, c.first
            """,
            Bytes(content));
        using var row = command.ExecuteReader();
        var copies = new List<ContentCopy>();
        while (row.Read())
            copies.Add(new ContentCopy(
                row.GetString(0),
                row.GetString(1),
                Time(row.GetString(2)),
                StoredPath.Read((byte[])row.GetValue(3)),
                row.GetInt64(4),
                row.GetInt64(5),
                row.IsDBNull(6) ? null : row.GetInt64(6),
                row.GetInt64(7) != 0,
                row.IsDBNull(8) ? null : Time(row.GetString(8))));
        return copies;
    }

    /// <summary>Notes that a place's copies of a content were read back and are right.</summary>
    public void Verified(string placeId, ContentId content, DateTimeOffset when) => Execute(
        "UPDATE copies SET verified = $3 WHERE place = (SELECT number FROM places WHERE id = $1) AND content = (SELECT number FROM contents WHERE sha256 = $2)",
        placeId, Bytes(content), Text(when));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    internal static byte[] Bytes(ContentId content)
    {
        var bytes = new byte[ContentId.Size];
        content.CopyTo(bytes);
        return bytes;
    }

    private static T Use<T>(string stateFolder, Func<CatalogDatabase, T> work, TimeSpan? patience, bool keepOpen)
    {
        SystemSqlite.Choose();
        var path = Path.Combine(stateFolder, "catalog.db");
        try
        {
            MakePrivate(stateFolder);
            try
            {
                return Once(path, patience ?? Patience, work, [], keepOpen);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
            {
                var aside = MoveAside(path);
                return Once(path, patience ?? Patience, work, [$"the catalog was damaged; it lies in '{aside}' now, and a new one fills itself from the places"], keepOpen);
            }
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the catalog '{path}' cannot be used: {e.Message}", "It is a cache: it may be deleted.", e);
        }
    }

    private static T Once<T>(string path, TimeSpan patience, Func<CatalogDatabase, T> work, string[] remarks, bool keepOpen)
    {
        var catalog = new CatalogDatabase(path, patience);
        var done = false;
        try
        {
            catalog._remarks.AddRange(remarks);
            var result = work(catalog);
            done = true;
            return result;
        }
        finally
        {
            if (!keepOpen || !done)
                catalog.Dispose();
        }
    }

    private static SqliteConnection Connect(string path, TimeSpan patience)
    {
        // The timeout is that of the provider, which tries again by itself as long as the database is locked.
        var seconds = (int)Math.Ceiling(patience.TotalSeconds);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = seconds }.ToString());
        try
        {
            connection.Open();
            CatalogSchema.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)patience.TotalMilliseconds}"));
            CatalogSchema.Execute(connection, "PRAGMA journal_mode = WAL");
            // A cache: a power loss may cost the last transactions, never the database.
            CatalogSchema.Execute(connection, "PRAGMA synchronous = NORMAL");
            CatalogSchema.Ensure(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The state folder names files of the sources: nobody else looks into one that Holdfast makes.</summary>
    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string MoveAside(string path)
    {
        var aside = $"{path}.damaged";
        File.Move(path, aside, overwrite: true);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        return aside;
    }

    private List<CatalogRun> Query(string which, params object?[] values)
    {
        using var command = Command("SELECT job, target, place, snapshot, started, duration, outcome, files, bytes, failures FROM runs " + which, values);
        using var row = command.ExecuteReader();
        var runs = new List<CatalogRun>();
        while (row.Read())
            runs.Add(new CatalogRun(
                row.GetString(0),
                row.GetString(1),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                Time(row.GetString(4)),
                TimeSpan.FromMilliseconds(row.GetInt64(5)),
                (RunOutcome)row.GetInt64(6),
                row.GetInt64(7),
                row.GetInt64(8),
                row.GetInt64(9)));
        return runs;
    }

    private void Execute(string sql, params object?[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params object?[] values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i] ?? DBNull.Value);
        return command;
    }

    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
