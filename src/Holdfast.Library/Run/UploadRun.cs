using System.Collections.Concurrent;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Run;

/// <summary>
/// One run of a job in <c>mode: upload</c>: what the library lacks is added, every name is recorded, nothing is ever
/// removed or replaced. Groups are kept as they fill, so a run that is cut off has done what it has done.
/// </summary>
internal sealed class UploadRun(ILibrary library, RunRequest request, IReadOnlyList<string> remarks) : IBackupRun
{
    private const int MostArrivals = 2000;
    private const long MostBytes = 256L << 20;

    // Contents received and not put yet; several workers receive, one thread puts.
    private readonly ArrivedContents _arrived = new();
    private readonly List<Arrival> _group = [];
    private readonly List<EntryPath> _deleted = [];
    private long _groupBytes, _recorded, _alreadyThere, _deletedCount;
    private bool? _isFirst;

    // What the library said a moment ago. It is looked at again when a file gets its name, so an answer may be old.
    private readonly ConcurrentDictionary<ContentId, PresenceKind> _expected = new();

    /// <summary>The folder of the library that new files go to; the root for their own paths.</summary>
    public EntryPath Into { get; init; } = EntryPath.Root;

    public bool IsFirst => _isFirst ??= Wait(library.NamesAsync(request.Client, request.Job, null, CancellationToken.None)).Count == 0;

    public long TimeResolution => library.TimeResolution;

    public bool OnlyAdds => true;

    public bool MayReuse => true;

    public bool ChecksContent => library.IsFar;

    public bool AsksFarAway => library.IsFar;

    public IReadOnlyCollection<string> Remarks
    {
        get
        {
            var all = remarks.ToList();
            if (_alreadyThere > 0)
                all.Add($"{_alreadyThere:N0} of the files were there already; their names are recorded");
            if (_deletedCount > 0)
                all.Add($"{_deletedCount:N0} files were deleted for good in the library and were not added again (the first: {_deleted[0]}); 'holdfast library undelete' lets them come back");
            return all;
        }
    }

    /// <summary>What the client brought before, and whether the library still holds it: asked now, in pages.</summary>
    public IEnumerable<KnownEntry> Previous(CancellationToken cancellationToken)
    {
        EntryPath? last = null;
        while (Wait(library.NamesAsync(request.Client, request.Job, last, cancellationToken)) is { Count: > 0 } page)
        {
            var files = page.Where(HasContent).ToList();
            var answers = Wait(library.AskAsync([.. files.Select(f => f.Content!.Value)], cancellationToken));
            var lost = new HashSet<EntryPath>(files.Where((_, i) => answers[i].Kind == PresenceKind.Missing).Select(f => f.Path));
            foreach (var entry in page)
                yield return new KnownEntry(entry, lost.Contains(entry.Path) ? Holding.Lost : Holding.Intact, 0);
            last = page[^1].Path;
        }
    }

    public bool MayHoldContent(Change change) => change.Entry.Size > 0 && library.MayHoldSize(change.Entry.Size);

    public ContentId? TryReuse(Change change)
    {
        if (change.Entry is not { Content: { } content, Size: > 0 })
            return null;
        if (_arrived.MayShare(content, change.Path))
            return content;
        var isMissing = _expected.TryRemove(content, out var answer) ? answer == PresenceKind.Missing : Wait(library.AskAsync([content], CancellationToken.None))[0].Kind == PresenceKind.Missing;
        return isMissing ? null : content;
    }

    public void Expect(IReadOnlyList<ContentId> contents)
    {
        var distinct = contents.Distinct().ToList();
        if (distinct.Count < 2)
            return; // It is asked about soon enough.
        var answers = Wait(library.AskAsync(distinct, CancellationToken.None));
        for (var i = 0; i < distinct.Count; i++)
            _expected[distinct[i]] = answers[i].Kind;
    }

    public IContentSink Receive(Change change)
    {
        var staged = Wait(library.ReceiveAsync(change.Entry, CancellationToken.None));
        return new ReceivedContent(staged, entry => _arrived.Add(entry, staged));
    }

    public void Release(Change change) => _arrived.Release(change.Path);

    public void Discard(Change change)
    {
        if (_arrived.Discard(change.Path) is { } staged)
            staged.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    public async ValueTask PutAsync(Change change, CancellationToken cancellationToken)
    {
        var staged = _arrived.Take(change.Entry);
        _group.Add(new Arrival { Client = request.Client, Job = request.Job, Entry = change.Entry, Wanted = Into.IsRoot ? null : change.Path.Under(Into), Staged = staged, IsRefresh = change.Kind == ChangeKind.Refreshed });
        _groupBytes += staged is null ? 0 : change.Entry.Size;
        if (_group.Count >= MostArrivals || _groupBytes >= MostBytes)
            await KeepAsync(cancellationToken);
    }

    public ValueTask RemoveAsync(Change change, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async Task<CommitResult> CommitAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(cancellationToken);
        return new CommitResult(
            library.Id,
            _recorded == 0 ? null : new Snapshot(LibrarySnapshot.Id, LibrarySnapshot.Number, request.Time, request.Client, request.Job, new SnapshotStatistics()));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var staged in _arrived.Rest())
                await staged.DisposeAsync();
            foreach (var arrival in _group)
                if (arrival.Staged is { } staged)
                    await staged.DisposeAsync();
        }
        finally
        {
            // Bytes that cannot be removed are garbage; a lock and a database that stay open hold up everybody else.
            await library.DisposeAsync();
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_group.Count == 0)
            return;
        var kept = await library.KeepAsync(_group, cancellationToken);
        for (var i = 0; i < kept.Count; i++)
            Note(_group[i], kept[i]);
        _group.Clear();
        _groupBytes = 0;
    }

    private void Note(Arrival arrival, Kept kept)
    {
        switch (kept.Outcome)
        {
            case KeptOutcome.DeletedForGood:
                _deletedCount++;
                if (_deleted.Count == 0)
                    _deleted.Add(arrival.Entry.Path);
                return;
            case KeptOutcome.Missing or KeptOutcome.Conflict:
                // Invariant: a run never says that something is there which is not.
                throw new HoldfastException(
                    ErrorKind.Failed,
                    $"'{arrival.Entry.Path}' was in {library.Name} a moment ago and is not any more.",
                    "Somebody removed it while the run was at work. Run again: it is sent then.");
            case KeptOutcome.AlreadyThere when !arrival.IsRefresh:
                _alreadyThere++;
                break;
        }
        if (!arrival.IsRefresh)
            _recorded++;
    }

    private static bool HasContent(Entry entry) => entry is { Type: EntryType.File, Size: > 0, Content: not null };

    // The engine asks from threads of its own, which may wait.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
