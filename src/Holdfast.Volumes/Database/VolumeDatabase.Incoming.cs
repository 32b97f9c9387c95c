using Holdfast.Core.Model;

namespace Holdfast.Volumes.Database;

/// <summary>A member of a volume that is being read.</summary>
/// <param name="Entry">As its headers say, with the SHA-256 of the bytes that were read.</param>
/// <param name="Position">Where its first header begins.</param>
internal sealed record ReadMember(Entry Entry, long Position);

/// <summary>What a volume turned out to hold, until its index is read: on disk, so that memory does not grow with it.</summary>
internal sealed partial class VolumeDatabase
{
    /// <summary>What follows can be undone by <see cref="DropVolume"/>.</summary>
    public void BeginVolume() => Execute("SAVEPOINT volume");

    /// <summary>Undoes what was noted of a volume that proved damaged.</summary>
    public void DropVolume() => Execute("ROLLBACK TO volume");

    public void BeginIncoming()
    {
        Execute("CREATE TEMP TABLE IF NOT EXISTS incoming (path BLOB PRIMARY KEY, entry BLOB NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID");
        Execute("DELETE FROM incoming");
    }

    /// <summary>The last member under a path counts, as with tar itself.</summary>
    public void AddIncoming(ReadMember member) =>
        Execute("INSERT OR REPLACE INTO incoming VALUES ($1, $2, $3)", PathKey.Of(member.Entry.Path), EntryBlob.Of(member.Entry).ToArray(), member.Position);

    public ReadMember? Incoming(EntryPath path) =>
        Rows(r => new ReadMember(EntryBlob.ToEntry((byte[])r.GetValue(0), path), r.GetInt64(1)), "SELECT entry, position FROM incoming WHERE path = $1", PathKey.Of(path)).FirstOrDefault();

    public void RemoveIncoming(EntryPath path) => Execute("DELETE FROM incoming WHERE path = $1", PathKey.Of(path));

    /// <summary>The newest volume of a state that need not be there.</summary>
    public PathState? GoneAt(EntryPath path, long run) => States("WHERE v.path = ?1 AND v.until = ?2", PathKey.Of(path), run).FirstOrDefault();

    /// <summary>The newest state of a path with a content, or null.</summary>
    public PathState? WithContent(EntryPath path, ContentId? content) =>
        States("WHERE v.path = ?1 ORDER BY v.first DESC", PathKey.Of(path)).FirstOrDefault(s => s.Entry.Content == content);

    /// <summary>
    /// Live states that the index of a run did not list. Their volumes were away then, and the run did not find the paths: they
    /// are gone since, and kept as long as anything gone.
    /// </summary>
    public void EndUnlisted(long run, DateTimeOffset time) =>
        Execute("UPDATE versions SET until = $1, gone = $2 WHERE until IS NULL AND id NOT IN (SELECT version FROM listed)", run, Text(time));

    public void BeginListed()
    {
        Execute("CREATE TEMP TABLE IF NOT EXISTS listed (version INTEGER PRIMARY KEY)");
        Execute("DELETE FROM listed");
    }

    public void List(long version) => Execute("INSERT OR IGNORE INTO listed VALUES ($1)", version);
}
