using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Scanning;

namespace Holdfast.Library.Reading;

/// <summary>
/// What a client uploaded, under the names it had there, wherever people have put it since. With several jobs the first part
/// of a path is the job's name. The names are read from the record itself; the index only says where contents may lie.
/// </summary>
internal sealed class UploadedSnapshots : ISnapshots
{
    private readonly IFolder _place;
    private readonly LibraryIndex _files, _names;
    private readonly string _client;
    private readonly IReadOnlyList<string> _jobs;
    private readonly TimeProvider _time;
    private readonly Lazy<Contents> _hashed;

    /// <exception cref="HoldfastException">The client uploaded nothing.</exception>
    public UploadedSnapshots(string name, IFolder place, LibraryIndex files, string client, TimeProvider time)
    {
        Name = name;
        _place = place;
        _files = files;
        _client = client;
        _time = time;
        _names = LibraryIndex.InMemory();
        var record = new LibraryRecord(place, _names);
        record.CatchUp();
        _jobs = _names.JobsOf(client);
        if (_jobs.Count == 0)
            throw new HoldfastException(ErrorKind.Usage, $"no client '{client}' uploaded anything to {name}.", Others(_names.Clients()));
        Snapshots = [LibrarySnapshot.At(time.GetUtcNow(), client, string.Join(", ", _jobs))];
        _hashed = new Lazy<Contents>(() => HashEverything(record));
    }

    public string Name { get; }

    public IReadOnlyList<Snapshot> Snapshots { get; }

    public IReadOnlyList<string> Warnings => [];

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken)
    {
        foreach (var job in _jobs)
        {
            var prefix = _jobs.Count == 1 ? EntryPath.Root : LibraryName.Map(EntryPath.From(job));
            EntryPath? last = null;
            while (_names.NamesAfter(_client, job, last) is { Count: > 0 } page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = page[^1].Path;
                foreach (var entry in page)
                {
                    var full = entry with { Path = entry.Path.Under(prefix), LinkedWith = entry.LinkedWith?.Under(prefix) };
                    if (full.Path.IsAtOrUnder(under))
                        yield return new SnapshotEntry(full, LibrarySnapshot.Number);
                }
            }
        }
    }

    public IFileReader Open(SnapshotEntry entry)
    {
        if (entry.Entry.Content is not { } content)
            throw new HoldfastException(ErrorKind.Failed, $"the record does not say which contents '{entry.Entry.Path}' had.");
        return new Contents(_place, _files).Open(content) ?? _hashed.Value.Open(content) ?? throw new HoldfastException(
            ErrorKind.Failed,
            $"the library no longer holds the contents of '{entry.Entry.Path}' ({entry.Entry.Size:N0} bytes, SHA-256 {content}).",
            "Somebody removed or edited the last file that had them.");
    }

    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) => [];

    public void Dispose()
    {
        _files.Dispose();
        _names.Dispose();
        _place.Dispose();
    }

    /// <summary>The index does not know where: people moved files since the last scan, or there is no index.</summary>
    private Contents HashEverything(LibraryRecord record)
    {
        var contents = new Contents(_place, _names);
        new LibraryScan(_place, _names, record, contents, _time, new ScanOptions { Rest = TimeSpan.Zero, AllowDeletions = true }).Run(CancellationToken.None);
        return contents;
    }

    private static string Others(IReadOnlyList<string> clients) =>
        clients.Count == 0 ? "Nobody has uploaded anything yet." : $"Clients that did: {string.Join(", ", clients)}";
}
