using Holdfast.Core.Catalog;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Record;
using Microsoft.Data.Sqlite;

namespace Holdfast.Library.Index;

/// <summary>What the record says: names, decisions, dates of verification.</summary>
internal sealed partial class LibraryIndex
{
    public void Put(string client, string job, Entry entry) => Execute(
        "INSERT INTO names (client, job, path, entry) VALUES ($1, $2, $3, $4) ON CONFLICT (client, job, path) DO UPDATE SET entry = excluded.entry",
        client, job, StoredPath.Write(entry.Path), Pack(entry));

    /// <summary>A page of a client's names in path order, from after a path on.</summary>
    public IReadOnlyList<Entry> NamesAfter(string client, string job, EntryPath? path) => path is { } after
        ? Query("SELECT entry FROM names WHERE client = $1 AND job = $2 AND path > $3 ORDER BY path LIMIT $4", ReadEntry, client, job, StoredPath.Write(after), Page)
        : Query("SELECT entry FROM names WHERE client = $1 AND job = $2 ORDER BY path LIMIT $3", ReadEntry, client, job, Page);

    /// <summary>What a client's job brought under a name; null for nothing.</summary>
    public Entry? NameAt(string client, string job, EntryPath path) =>
        Query("SELECT entry FROM names WHERE client = $1 AND job = $2 AND path = $3", ReadEntry, client, job, StoredPath.Write(path)).FirstOrDefault();

    public void RemoveName(string client, string job, EntryPath path) => Execute("DELETE FROM names WHERE client = $1 AND job = $2 AND path = $3", client, job, StoredPath.Write(path));

    /// <summary>Whether a content may have another name than this one. Looks through all names.</summary>
    public bool HasOtherName(ContentId content, string client, string job, EntryPath path) => Number(
        "SELECT EXISTS (SELECT 1 FROM names WHERE instr(entry, $1) > 0 AND NOT (client = $2 AND job = $3 AND path = $4))", Bytes(content), client, job, StoredPath.Write(path)) != 0;

    /// <summary>The jobs of a client that uploaded anything.</summary>
    public IReadOnlyList<string> JobsOf(string client) => Query("SELECT DISTINCT job FROM names WHERE client = $1 ORDER BY job", row => row.GetString(0), client);

    public IReadOnlyList<string> Clients() => Query("SELECT DISTINCT client FROM names ORDER BY client", row => row.GetString(0));

    public bool AnyDeleted => Number("SELECT EXISTS (SELECT 1 FROM deleted)") != 0;

    public bool IsDeleted(ContentId content) => Number("SELECT EXISTS (SELECT 1 FROM deleted WHERE sha256 = $1)", Bytes(content)) != 0;

    /// <summary>What was deleted for good, with the path it had.</summary>
    public IReadOnlyList<(ContentId Content, EntryPath? Path)> Deleted() =>
        Query("SELECT sha256, path FROM deleted ORDER BY path", row => (new ContentId((byte[])row.GetValue(0)), row.IsDBNull(1) ? (EntryPath?)null : StoredPath.Read((byte[])row.GetValue(1))));

    /// <summary>Whether contents that go away are remembered.</summary>
    public bool Remembers => Fact("remember") != 0;

    /// <summary>Takes note of a decision.</summary>
    public void Put(DecisionLine line)
    {
        if (line.Decision is Decision.Forget or Decision.Remember)
            Set("remember", line.Decision == Decision.Remember ? 1 : 0);
        else if (line is { Decision: Decision.Deleted, Content: { } gone })
            Execute("INSERT OR REPLACE INTO deleted (sha256, path) VALUES ($1, $2)", Bytes(gone), line.Path is { } path ? StoredPath.Write(path) : null);
        else if (line.Content is { } back)
            Execute("DELETE FROM deleted WHERE sha256 = $1", Bytes(back));
    }

    /// <summary>When a content was read back last; null when it never was since its bytes came.</summary>
    public DateTimeOffset? VerifiedAt(ContentId content) =>
        Number("SELECT ifnull((SELECT at FROM verified WHERE sha256 = $1), 0)", Bytes(content)) is not 0 and var at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;

    /// <summary>Takes note of a content that was read back, or came anew.</summary>
    public void Put(VerifiedLine line)
    {
        if (!line.IsNew)
        {
            Execute("INSERT OR REPLACE INTO verified (sha256, at) VALUES ($1, $2)", Bytes(line.Content), line.At.ToUnixTimeSeconds());
            return;
        }
        Execute("DELETE FROM verified WHERE sha256 = $1", Bytes(line.Content));
        Interlocked.Increment(ref _arrivals);
    }

    /// <summary>Some contents that were not read back since they came.</summary>
    /// <param name="most">How many.</param>
    /// <param name="after">The last one of the page before; null for the first. Without it each page would pass over all that were read.</param>
    public IReadOnlyList<ContentId> NotVerified(int most, ContentId? after) => Query(
        "SELECT DISTINCT sha256 FROM files WHERE sha256 > $1 AND size > 0 AND NOT EXISTS (SELECT 1 FROM verified WHERE verified.sha256 = files.sha256) ORDER BY sha256 LIMIT $2",
        row => new ContentId((byte[])row.GetValue(0)),
        after is { } last ? Bytes(last) : Array.Empty<byte>(),
        most);

    /// <summary>Grows whenever there may be a content again that was not read back.</summary>
    public long Arrivals => Interlocked.Read(ref _arrivals);

    /// <summary>Number and size of every file that is not empty; first those whose content was never read back, then the rest by the date.</summary>
    public IReadOnlyList<(long Number, long Size)> FilesByVerification() => Query(
        "SELECT f.number, f.size FROM files f LEFT JOIN verified v ON v.sha256 = f.sha256 WHERE f.size > 0 ORDER BY ifnull(v.at, 0), f.path",
        row => (row.GetInt64(0), row.GetInt64(1)));

    /// <summary>The file of a number; null when it went meanwhile.</summary>
    public IndexedFile? FileNumbered(long number) => Files($"SELECT {Columns} FROM files WHERE number = $1", number).FirstOrDefault();

    /// <summary>How much was read back since its bytes came, and when the file that waits longest was.</summary>
    public VerificationState Verification() => Query(
        """
        SELECT count(*), ifnull(sum(f.size), 0), ifnull(sum(v.at IS NULL), 0), ifnull(sum(CASE WHEN v.at IS NULL THEN f.size ELSE 0 END), 0), min(v.at)
        FROM files f LEFT JOIN verified v ON v.sha256 = f.sha256 WHERE f.size > 0
        """,
        row => new VerificationState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(4))))[0];

    /// <summary>How far a file of the record is read, in bytes.</summary>
    public long Fact(string name) => Number("SELECT ifnull((SELECT value FROM facts WHERE name = $1), 0)", name);

    public void Set(string name, long value) => Execute("INSERT OR REPLACE INTO facts (name, value) VALUES ($1, $2)", name, value);

    /// <summary>Forgets what came from the record; files stay.</summary>
    public void ForgetRecord()
    {
        Execute("DELETE FROM names");
        Execute("DELETE FROM deleted");
        Execute("DELETE FROM verified");
        Execute("DELETE FROM facts");
    }

    private static byte[] Pack(Entry entry)
    {
        using var stream = new MemoryStream();
        using (var writer = new EntryWriter(stream))
            writer.Write(entry);
        return stream.ToArray();
    }

    private static Entry ReadEntry(SqliteDataReader row)
    {
        using var reader = new EntryReader(new MemoryStream((byte[])row.GetValue(0)));
        return reader.Read();
    }
}
