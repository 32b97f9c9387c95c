using Holdfast.Core.Model;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Database;

/// <summary>What the paths were, and which volume holds them.</summary>
internal sealed partial class VolumeDatabase
{
    /// <summary>What the last run left, in path order.</summary>
    public IEnumerable<PathState> Live() => States("WHERE v.until IS NULL ORDER BY v.path");

    /// <summary>What is gone and still held by a volume, in path order, the newest state of each path.</summary>
    public IEnumerable<PathState> Gone() => States("WHERE v.gone IS NOT NULL AND v.saved IS NOT NULL ORDER BY v.path, v.first");

    /// <summary>The live ones and the gone ones together, in path order.</summary>
    public IEnumerable<PathState> LiveAndGone() =>
        States("WHERE v.until IS NULL OR (v.gone IS NOT NULL AND v.saved IS NOT NULL) ORDER BY v.path, v.first");

    /// <summary>What the source was at a run, at or below a path, in path order.</summary>
    public IEnumerable<PathState> At(long run, EntryPath under) =>
        under.IsRoot
            ? States("WHERE v.first <= ?1 AND (v.until IS NULL OR v.until > ?1) ORDER BY v.path", run)
            : States("WHERE v.first <= ?1 AND (v.until IS NULL OR v.until > ?1) AND (v.path = ?2 OR (v.path > ?3 AND v.path < ?4)) ORDER BY v.path", run, PathKey.Of(under), (byte[])[.. PathKey.Of(under), 0], PathKey.Behind(under));

    /// <summary>What a volume has the newest copies of, in path order.</summary>
    public IEnumerable<PathState> SavedIn(long volume) => States("WHERE v.saved = ?1 AND v.until IS NULL ORDER BY v.path", volume);

    /// <summary>All states of all paths, in path order, oldest first.</summary>
    public IEnumerable<PathState> All() => States("ORDER BY v.path, v.first");

    /// <summary>The live state of a path, or null.</summary>
    public PathState? LiveAt(EntryPath path) => States("WHERE v.until IS NULL AND v.path = ?1", PathKey.Of(path)).FirstOrDefault();

    /// <summary>Takes note of a new state of a path; the one before ends.</summary>
    /// <returns>Its number.</returns>
    public long Add(Entry entry, long run)
    {
        var key = PathKey.Of(entry.Path);
        Execute("UPDATE versions SET until = $2 WHERE path = $1 AND until IS NULL", key, run);
        Execute("INSERT INTO versions (path, entry, first) VALUES ($1, $2, $3)", key, EntryBlob.Of(entry).ToArray(), run);
        return (long)Scalar("SELECT last_insert_rowid()")!;
    }

    /// <summary>
    /// Takes note of a state of a path that had none, and of its copy in a volume of this very run: what a first run does for
    /// every entry.
    /// </summary>
    public void AddNew(Entry entry, long run, long volume, long position)
    {
        _insertVersion ??= new HotStatement(_connection, "INSERT INTO versions (path, entry, first, saved) VALUES (?1, ?2, ?3, ?4)");
        _insertCopy ??= new HotStatement(_connection, "INSERT OR REPLACE INTO copies VALUES (?1, ?2, ?3)");
        var version = _insertVersion.Bind(1, PathKey.Of(entry.Path)).Bind(2, EntryBlob.Of(entry)).Bind(3, run).Bind(4, volume).Run();
        _insertCopy.Bind(1, version).Bind(2, volume).Bind(3, position).Run();
    }

    /// <summary>Takes note of hints that changed: ctime, inode, and what the entry says beside its contents.</summary>
    public void Replace(long version, Entry entry)
    {
        _replaceEntry ??= new HotStatement(_connection, "UPDATE versions SET entry = ?2 WHERE id = ?1");
        _replaceEntry.Bind(1, version).Bind(2, EntryBlob.Of(entry)).Run();
    }

    /// <summary>Takes note of a copy in a volume of this very run, which is newer than all others.</summary>
    public void AddNewestCopy(long version, long volume, long position)
    {
        _insertCopy ??= new HotStatement(_connection, "INSERT OR REPLACE INTO copies VALUES (?1, ?2, ?3)");
        _setSaved ??= new HotStatement(_connection, "UPDATE versions SET saved = ?2 WHERE id = ?1");
        _insertCopy.Bind(1, version).Bind(2, volume).Bind(3, position).Run();
        _setSaved.Bind(1, version).Bind(2, volume).Run();
    }

    /// <summary>A run found the path gone.</summary>
    public void End(long version, long run, DateTimeOffset time) => Execute("UPDATE versions SET until = $2, gone = $3 WHERE id = $1 AND until IS NULL", version, run, Text(time));

    /// <summary>Takes note of a copy, which becomes the newest when the volume is there.</summary>
    public void AddCopy(long version, long volume, long position, IReadOnlyList<FilePart>? parts = null)
    {
        foreach (var (number, part) in (parts ?? []).Index())
        {
            _anyParts = true;
            Execute("INSERT OR REPLACE INTO parts VALUES ($1, $2, $3, $4, $5, $6, $7)", version, volume, number, part.Volume, part.Position, part.Length, part.Content.ToString());
        }
        Execute("INSERT OR REPLACE INTO copies VALUES ($1, $2, $3)", version, volume, position);
        Execute("UPDATE versions SET saved = $2 WHERE id = $1 AND (saved IS NULL OR saved < $2) AND EXISTS (SELECT 1 FROM volumes WHERE volume = $2 AND is_there = 1)", version, volume);
    }

    // Most places have none, and then nobody need ask for those of every file.
    private bool AnyParts => _anyParts ??= Scalar("SELECT 1 FROM parts LIMIT 1") is not null;

    private bool? _anyParts;

    /// <summary>The parts of a copy, in order; none when it is in one piece.</summary>
    public IReadOnlyList<FilePart> Parts(long version, long volume) =>
        !AnyParts ? [] : Few(r => new FilePart(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), ContentId.Parse(r.GetString(3))), "SELECT volume, position, length, sha256 FROM parts WHERE version = $1 AND last = $2 ORDER BY number", version, volume);

    /// <summary>SHA-256 of the parts in a volume, by position.</summary>
    public IReadOnlyDictionary<long, ContentId> PartsIn(long volume) =>
        Rows(r => (Position: r.GetInt64(0), Content: ContentId.Parse(r.GetString(1))), "SELECT DISTINCT position, sha256 FROM parts WHERE volume = $1", volume).ToDictionary(p => p.Position, p => p.Content);

    /// <summary>True when a copy of the state is recorded for the volume.</summary>
    public bool HasCopy(long version, long volume) => Scalar("SELECT 1 FROM copies WHERE version = $1 AND volume = $2", version, volume) is not null;

    /// <summary>Where a state's copies lie, in volumes that are there: newest first.</summary>
    public IReadOnlyList<(long Volume, long Position)> Copies(long version) =>
        Few(r => (r.GetInt64(0), r.GetInt64(1)), "SELECT c.volume, c.position FROM copies c JOIN volumes v ON v.volume = c.volume WHERE c.version = $1 AND v.is_there = 1 ORDER BY c.volume DESC", version);

    /// <summary>The state a number stands for.</summary>
    public PathState? State(long version) => States("WHERE v.id = ?1", version).FirstOrDefault();
}
