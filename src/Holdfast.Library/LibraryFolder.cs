using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Reading;
using Holdfast.Library.Record;
using Holdfast.Library.Scanning;
using Holdfast.Library.Syncing;
using Holdfast.Library.Verifying;

namespace Holdfast.Library;

/// <summary>A library in a folder of this machine (docs/formats/library.md). It holds the place's lock as long as it is open.</summary>
public sealed partial class LibraryFolder : ISyncedLibrary
{
    private readonly string _path;
    private readonly IFolder _place, _incoming;
    private readonly IDisposable _held;
    private readonly LibraryIndex _index;
    private readonly LibraryRecord _record;
    private readonly Contents _contents;
    private readonly EntriesNow _now;
    private readonly Arriving _arriving;
    private readonly TimeProvider _time;
    private readonly MetadataWriter _metadata = new(new Remarks());
    private readonly SemaphoreSlim _keeping = new(1, 1), _scanning = new(1, 1);
    private readonly System.Collections.Concurrent.ConcurrentQueue<Waiting> _waiting = new();
    private long _nextStaged;

    private LibraryFolder(string path, IFolder place, PlaceMarker marker, IDisposable held, LibraryIndex index, TimeProvider time)
    {
        _path = path;
        _place = place;
        _held = held;
        _index = index;
        _time = time;
        Id = marker.Id;
        _record = new LibraryRecord(place, index);
        _record.CatchUp();
        _contents = new Contents(place, index);
        _now = new EntriesNow(place, index);
        _arriving = new Arriving(place, index, _contents);
        _arriving.TakeUp();
        if (place.TryStat(LibraryLayout.Incoming) is { Type: not EntryType.Folder })
            place.Remove(LibraryLayout.Incoming);
        FolderTree.EnsureOwn(place, LibraryLayout.Incoming, 0x1c0);
        _incoming = place.OpenFolder(LibraryLayout.Incoming);
        SweepIncoming();
    }

    /// <inheritdoc/>
    public string Name => $"library:{_path}";

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public long TimeResolution => _place.Traits.TimeResolution;

    /// <summary>The place's folder.</summary>
    internal IFolder Folder => _place;

    /// <summary>Where bytes lie that have no name yet.</summary>
    internal IFolder Incoming => _incoming;

    /// <summary>The index.</summary>
    internal LibraryIndex Index => _index;

    /// <summary>The record.</summary>
    internal LibraryRecord Record => _record;

    /// <summary>Is told what became of each arrival, in their order and while nothing else is kept, moved or taken back; or null.</summary>
    internal Action<Arrival, Kept>? OnKept { get; set; }

    /// <summary>Whether contents that people remove are remembered, so that they do not come back.</summary>
    public bool RemembersDeleted => _index.Remembers;

    /// <summary>Opens a library and takes its lock.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="open">Opens folders; another one than <see cref="LocalFolders.Open"/> only in tests.</param>
    /// <param name="time">The clock.</param>
    /// <param name="purpose">Who holds the lock, for people.</param>
    /// <param name="wait">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HoldfastException">There is no library, or another process works with it.</exception>
    public static async Task<LibraryFolder> OpenAsync(string path, Func<string, IFolder> open, TimeProvider time, string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        var (place, marker) = LibraryPlace.Open(path, open);
        IDisposable? held = null;
        LibraryIndex? index = null;
        try
        {
            held = await PlaceLock.TakeAsync(place, LibraryLayout.Lock, purpose, wait, cancellationToken);
            index = LibraryIndex.Open(place, path);
            return new LibraryFolder(path, place, marker, held, index, time);
        }
        catch
        {
            index?.Dispose();
            held?.Dispose();
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Presence>> AskAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken)
    {
        var paths = _contents.Find(contents, cancellationToken);
        var anyDeleted = _index.AnyDeleted;
        var answers = new Presence[paths.Length];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = paths[i] is { } path ? new Presence(PresenceKind.Held, path)
                : anyDeleted && _index.IsDeleted(contents[i]) ? Presence.Deleted
                : Presence.Missing;
        return Task.FromResult<IReadOnlyList<Presence>>(answers);
    }

    /// <inheritdoc/>
    public bool MayHoldSize(long size) => _index.HasSize(size) || _index.AnyDeleted;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Entry>> NamesAsync(string client, string job, EntryPath? after, CancellationToken cancellationToken) =>
        Task.FromResult(_index.NamesAfter(client, job, after));

    /// <inheritdoc/>
    public Task<IFileReader?> OpenAsync(ContentId content, CancellationToken cancellationToken) => Task.FromResult(_contents.Open(content));

    /// <summary>Looks what people did to the files meanwhile. Uploads and downloads go on beside it.</summary>
    /// <exception cref="HoldfastException">The deletion brake: too many files are gone. What was found so far is kept; nothing was taken out.</exception>
    public ScanReport Scan(ScanOptions options, CancellationToken cancellationToken)
    {
        // One at a time: two would take each other's renames for removals.
        _scanning.Wait(cancellationToken);
        try
        {
            // Invariant: a disk that is not mounted any more is no collection without files.
            LibraryPlace.Require(_place, _path);
            return new LibraryScan(_place, _index, _record, _contents, _time, options).Run(cancellationToken);
        }
        finally
        {
            _scanning.Release();
        }
    }

    /// <summary>Reads a content back from the disk, unless that was done since its bytes came.</summary>
    /// <param name="content">Which.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="again">True to read it whatever was done before.</param>
    public Task<ReadBackResult> VerifyAsync(ContentId content, CancellationToken cancellationToken, bool again = false) =>
        new ReadBack(_place, _index, _record, _contents, _time).VerifyAsync(content, again, cancellationToken);

    /// <summary>When a content was read back last; null when it was not since its bytes came.</summary>
    public DateTimeOffset? VerifiedAt(ContentId content) => _index.VerifiedAt(content);

    /// <summary>Some contents that were not read back since they came.</summary>
    /// <param name="most">How many.</param>
    /// <param name="after">The last one of the page before; null for the first.</param>
    public IReadOnlyList<ContentId> NotVerified(int most, ContentId? after = null) => _index.NotVerified(most, after);

    /// <summary>Grows whenever there may be a content again that was not read back.</summary>
    public long Arrivals => _index.Arrivals;

    /// <summary>Says what becomes of contents that people remove from now on.</summary>
    public void SetRemembersDeleted(bool remembers)
    {
        if (remembers != _index.Remembers)
            _record.Decide([new DecisionLine(_time.GetUtcNow(), remembers ? Decision.Remember : Decision.Forget)]);
    }

    /// <summary>What was deleted for good, with the path it had.</summary>
    public IReadOnlyList<(ContentId Content, EntryPath? Path)> Deleted() => _index.Deleted();

    /// <summary>Lets contents come back with the next upload.</summary>
    public void Undelete(IReadOnlyList<ContentId> contents) =>
        _record.Decide([.. contents.Where(_index.IsDeleted).Select(c => new DecisionLine(_time.GetUtcNow(), Decision.Undeleted, c))]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _arriving.Dispose();
        _incoming.Dispose();
        _index.Dispose();
        _held.Dispose();
        _place.Dispose();
        _keeping.Dispose();
        _scanning.Dispose();
        return ValueTask.CompletedTask;
    }
}
