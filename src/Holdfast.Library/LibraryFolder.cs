using System.Globalization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Reading;
using Holdfast.Library.Record;
using Holdfast.Library.Scanning;
using Holdfast.Library.Sorting;
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
    public Task<IStagedContent> ReceiveAsync(Entry entry, CancellationToken cancellationToken)
    {
        var name = EntryPath.From(Interlocked.Increment(ref _nextStaged).ToString(CultureInfo.InvariantCulture));
        return Task.FromResult<IStagedContent>(new StagedFile(_incoming, name, _metadata));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Kept>> KeepAsync(IReadOnlyList<Arrival> group, CancellationToken cancellationToken)
    {
        var mine = new Waiting(group, new TaskCompletionSource<IReadOnlyList<Kept>>(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Enqueue(mine);
        await _keeping.WaitAsync(CancellationToken.None);
        try
        {
            // What came while others were at the barrier shares the next one.
            if (!mine.Done.Task.IsCompleted)
                KeepWaiting();
        }
        finally
        {
            _keeping.Release();
        }
        return await mine.Done.Task;
    }

    /// <inheritdoc/>
    public Task<IFileReader?> OpenAsync(ContentId content, CancellationToken cancellationToken) => Task.FromResult(_contents.Open(content));

    /// <summary>A file that lies there now, or null.</summary>
    public FileStat? FileAt(EntryPath path)
    {
        if (path.IsRoot || LibraryLayout.IsOurs(path))
            return null;
        // A symlink to a folder may lead out of the library, so what lies behind it is no part of it.
        for (var folder = path.Parent; !folder.IsRoot; folder = folder.Parent)
            if (_place.TryStat(folder) is not { Type: EntryType.Folder })
                return null;
        return _place.TryStat(path) is { Type: EntryType.File } stat ? stat : null;
    }

    /// <summary>Opens a file; null when none lies there now.</summary>
    public IFileReader? OpenAt(EntryPath path)
    {
        try
        {
            return FileAt(path) is null ? null : _place.OpenFile(path);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// A page of the files at or below a path, in path order, from after a path on. It may hold none while <c>Last</c> says
    /// where the next page begins; null at the end.
    /// </summary>
    /// <param name="under">Where; the root for all.</param>
    /// <param name="after">The last path of the page before; null for the first.</param>
    /// <param name="search">Only paths with this in them, whatever the case; null for all.</param>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) Files(EntryPath under, EntryPath? after, string? search) => _now.Page(under, after, search);

    /// <summary>A page of what lies in a folder itself, files and folders; null as <c>Last</c> at the end.</summary>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) Children(EntryPath folder, EntryPath? after) => _now.Children(folder, after);

    /// <summary>Whether a file has this content, as of the last scan and upload; nothing is looked at.</summary>
    public bool Knows(ContentId content) => _index.FilesOf(content).Count > 0;

    /// <summary>How many files there are, as of the last scan and upload.</summary>
    public long FileCount => _index.FileCount;

    /// <summary>Who uploaded anything, in which jobs.</summary>
    public IReadOnlyList<(string Client, IReadOnlyList<string> Jobs)> Clients() => [.. _index.Clients().Select(c => (c, _index.JobsOf(c)))];

    /// <summary>What a client's job uploaded under a name; null for nothing.</summary>
    public Entry? Uploaded(string client, string job, EntryPath path) => _index.NameAt(client, job, path);

    /// <summary>What a client's job uploaded into a folder itself, in path order; folders also where only their files were brought.</summary>
    public IEnumerable<Entry> UploadedIn(string client, string job, EntryPath folder) => UploadedNames.In(_index, client, job, folder);

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

    /// <summary>Moves a file, or a folder with everything in it, durably. Waits for a scan that is on, which would take it for removed.</summary>
    /// <exception cref="HoldfastException">One of the paths can be none of a file of the collection.</exception>
    public Task<Sorted> MoveAsync(EntryPath from, EntryPath to, CancellationToken cancellationToken) => SortAsync(sorting => sorting.Move(from, to), cancellationToken);

    /// <summary>Removes a file, or an empty folder, durably. Waits for a scan that is on.</summary>
    /// <param name="path">Which.</param>
    /// <param name="expected">What the file must hold; null for whatever it holds.</param>
    /// <param name="forGood">Whether its contents are unwanted from now on; null for what the library does with what people remove.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HoldfastException">The path can be none of a file of the collection.</exception>
    public Task<Sorted> RemoveAsync(EntryPath path, ContentId? expected, bool? forGood, CancellationToken cancellationToken) =>
        SortAsync(sorting => sorting.Remove(path, expected, forGood ?? RemembersDeleted), cancellationToken);

    /// <summary>Gives names that a client brought, one or all of a folder, others; files that came with them just now follow.</summary>
    /// <param name="names">Whose names.</param>
    /// <param name="from">Which.</param>
    /// <param name="to">The new one; a name that is there is replaced, the file that came with it stays.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False when there is no such name.</returns>
    public Task<bool> RenameAsync(ClientNames names, EntryPath from, EntryPath to, CancellationToken cancellationToken) =>
        SortAsync(sorting => new NameSorting(_place, _index, _record, _contents, sorting, _time).Rename(names, from, to), cancellationToken);

    /// <summary>Takes names back that a client brought, one or all of a folder; files that came with them just now go, unless somebody may rely on them.</summary>
    /// <returns>False when there is no such name.</returns>
    public Task<bool> TakeBackAsync(ClientNames names, EntryPath at, CancellationToken cancellationToken) =>
        SortAsync(sorting => new NameSorting(_place, _index, _record, _contents, sorting, _time).TakeBack(names, at), cancellationToken);

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

    /// <summary>Counts, as of the last scan and upload.</summary>
    public LibraryStatistics Statistics() => _index.Statistics();

    /// <summary>True when a path is as it was when it was hashed, or is gone and was not known: a scan would find nothing there.</summary>
    public bool IsAsKnown(EntryPath path)
    {
        if (LibraryLayout.IsOurs(path))
            return true;
        return _place.TryStat(path) switch
        {
            { Type: EntryType.Folder } => false, // It may have been moved here with everything in it.
            { Type: EntryType.File } now => _index.FileAt(path)?.IsUntouched(now, _place.Traits.StableIdentity) == true,
            _ => !_index.HasAtOrUnder(path),
        };
    }

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

    private sealed record Waiting(IReadOnlyList<Arrival> Group, TaskCompletionSource<IReadOnlyList<Kept>> Done);

    private void KeepWaiting()
    {
        var groups = new List<Waiting>();
        while (_waiting.TryDequeue(out var next))
            groups.Add(next);
        try
        {
            _arriving.TakeUp(); // What a group left that failed.
            IReadOnlyList<Arrival> arrivals = [.. groups.SelectMany(g => g.Group)];
            var kept = new Keeping(_place, _incoming, _index, _record, _contents, _arriving, _time).Keep(arrivals);
            for (var i = 0; OnKept is not null && i < kept.Count; i++)
                OnKept(arrivals[i], kept[i]);
            var at = 0;
            foreach (var waiting in groups)
            {
                waiting.Done.SetResult([.. kept.Skip(at).Take(waiting.Group.Count)]);
                at += waiting.Group.Count;
            }
        }
        catch (Exception e)
        {
            foreach (var waiting in groups)
                waiting.Done.TrySetException(e);
        }
    }

    private async Task<T> SortAsync<T>(Func<LibrarySorting, T> work, CancellationToken cancellationToken)
    {
        await _scanning.WaitAsync(cancellationToken);
        try
        {
            LibraryPlace.Require(_place, _path);
            await _keeping.WaitAsync(cancellationToken);
            try
            {
                return work(new LibrarySorting(_place, _index, _record, _contents, _time));
            }
            finally
            {
                _keeping.Release();
            }
        }
        finally
        {
            _scanning.Release();
        }
    }
}
