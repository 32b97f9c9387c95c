using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Forgetting;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Run;

/// <summary>One run against a mirror. What must hold at each moment stands in docs/formats/mirror.md, "Order of writing".</summary>
internal sealed class MirrorRun : IBackupRun
{
    private readonly IFolder _place;
    private readonly PlaceMarker _marker;
    private readonly IDisposable? _lock;
    private readonly RunRequest _request;
    private readonly IReadOnlyList<Increment> _increments;
    private readonly HeadCache _cache;
    private readonly HeadDelta _delta;
    private readonly Remarks _remarks;
    private readonly bool _wasInterrupted;
    private readonly NewIncrement _increment;
    private readonly bool _cacheIsCurrent;
    private readonly FileSystemTraits _traits;
    private readonly FurtherNames _names;
    private readonly Progress _progress;
    private readonly Leftovers _leftovers;
    private IReadOnlyDictionary<ulong, EntryPath> _copies = new Dictionary<ulong, EntryPath>();
    private bool _committed;
    private IMirrorTree? _tree;
    private long _entries, _bytes, _new, _changed, _metadata, _moved, _deleted, _bytesAdded;

    private MirrorRun(IFolder place, FileSystemTraits traits, PlaceMarker marker, IDisposable? held, RunRequest request, IReadOnlyList<Increment> increments, Recovered recovered, Remarks remarks)
    {
        _place = place;
        _traits = traits;
        _names = new FurtherNames(traits.HardLinks);
        _marker = marker;
        _lock = held;
        _request = request;
        _increments = increments;
        _cache = new HeadCache(request.StateFolder, marker.Id);
        _delta = new HeadDelta(request.StateFolder);
        _cacheIsCurrent = RequireKnownHistory(_cache.Snapshot);
        // A current cache knows the newest snapshot whatever became of the increments.
        if (!_cacheIsCurrent)
            foreach (var warning in Descriptions.Read(place, increments).Warnings)
                remarks.Say(warning);
        _progress = new Progress(place, TimeProvider.System);
        _leftovers = recovered.Leftovers;
        _wasInterrupted = recovered.WasInterrupted;
        _remarks = remarks;
        _increment = new NewIncrement(place, (increments.Count == 0 ? 0 : increments[^1].Number) + 1, request.Time, _names, _leftovers);
    }

    public bool IsFirst => _increments.Count == 0;

    public long TimeResolution => _traits.TimeResolution;

    public IReadOnlyCollection<string> Remarks => _remarks.All;

    public static MirrorRun Begin(IFolder place, PlaceMarker marker, IDisposable? held, RunRequest request)
    {
        var traits = PlaceLacks.Traits(place, marker);
        if (!request.DryRun)
        {
            marker = PlaceLacks.Find(place, marker, out traits);
            Merge.Recover(place, traits);
            PathForget.Recover(place);
        }
        var increments = Increment.List(place);
        if (!request.DryRun && increments.Count == 0 && Recovery.CompleteFirstCommit(place))
            increments = Increment.List(place);
        var remarks = new Remarks();
        var recovered = Recovered.Nothing;
        if (!request.DryRun)
        {
            recovered = Recovery.Run(place, increments, remarks);
            FolderTree.Ensure(place, MirrorLayout.Increments, 0x1ed);
        }
        return new MirrorRun(place, traits, marker, held, request, increments, recovered, remarks);
    }

    public IEnumerable<KnownEntry> Previous(CancellationToken cancellationToken)
    {
        if (IsFirst)
            yield break;
        IFolder mirror;
        try
        {
            mirror = _place.OpenFolder(MirrorLayout.Mirror);
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the mirror itself is gone: {e.Message}.", "Its history is intact: create an empty folder 'mirror' beside 'increments' and run again; every file is copied anew.", e);
        }
        using (mirror)
        {
            var scan = new MirrorScan(mirror, _traits, Owners.MayChangeOwners && _traits.Owners);
            _copies = scan.Copies;
            foreach (var known in scan.Join(Head(cancellationToken), FolderTree.Walk(mirror)))
            {
                Count(known.Entry, known.Holding == Holding.Foreign ? 0 : 1);
                yield return known;
            }
        }
    }

    public IContentSink Receive(Change change) =>
        Unholdable.Do(change.Entry, () => new HoldingSink(RoomMakingSink.Open(() => Tree.Receive(change), _leftovers)));

    public bool MayReuse => _leftovers.Count > 0;

    public ContentId? TryReuse(Change change) => Tree.TryReuse(change);

    public void Discard(Change change) => Tree.Discard(change.Path);

    public ValueTask PutAsync(Change change, CancellationToken cancellationToken)
    {
        if (change.Kind == ChangeKind.Refreshed)
        {
            _delta.Put(change.Entry, change.Known!.Version);
            if (change.Known.Holding == Holding.OtherMetadata)
                Tree.Put(change);
            return ValueTask.CompletedTask;
        }
        Unholdable.Do(change.Entry, () => _leftovers.MakingRoom(() => Tree.Put(change)));
        var kind = StagedTree.EntersHistory(change) || change is { Kind: ChangeKind.Changed, Known.Holding: Holding.Foreign } ? Brings(change) : change.Kind;
        var line = new RecordLine(kind, change.Entry, change.MovedFrom);
        _increment.Write(line);
        _delta.Put(change.Entry, line.BringsContent ? _increment.Number : change.Known!.Version);
        Tally(change, kind);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Change change, CancellationToken cancellationToken)
    {
        Tree.Remove(change);
        if (change.Known?.Holding == Holding.Foreign)
            return ValueTask.CompletedTask;
        _increment.Write(new RecordLine(ChangeKind.Deleted, change.Entry, null));
        _delta.Remove(change.Entry);
        _deleted++;
        Count(change.Known!.Entry, -1);
        return ValueTask.CompletedTask;
    }

    public Task<CommitResult> CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var snapshot = IsFirst || !_increment.IsEmpty || LacksTags() ? Commit() : null;
        if (snapshot is null)
            ApplyWithoutIncrement();
        _committed = true;
        if (snapshot is not null || !_delta.IsEmpty || !_cacheIsCurrent)
            RefreshCache(snapshot?.Id ?? _increments[^1].Id);
        if (snapshot is not null)
            Recovery.CleanUp(_place);
        else
            RemoveWhatWasNotHeld();
        return Task.FromResult(new CommitResult(_marker.Id, snapshot));
    }

    /// <summary>Whoever asks for a tag finds it, though nothing has changed since the newest snapshot.</summary>
    private bool LacksTags() =>
        _request.Tags.Count > 0 && _request.Tags.Except(_increments[^1].TryReadDescription(_place, out _)?.Tags ?? [], StringComparer.Ordinal).Any();

    /// <summary>Nothing was added, so what was begun was for paths that the place could not hold in the end.</summary>
    private void RemoveWhatWasNotHeld()
    {
        _increment.Drop();
        FolderTree.Delete(_place, MirrorLayout.Staging);
    }

    /// <summary>The run is committed: whatever happens to the cache, it is only a cache.</summary>
    private void RefreshCache(string snapshot)
    {
        try
        {
            _cache.Replace(snapshot, _delta.Merge(Head(CancellationToken.None)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _remarks.Say("the state folder could not take the cache of this place: " + e.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        KeepProgress();
        _progress.Dispose();
        _leftovers.Dispose();
        _tree?.Dispose();
        _increment.Dispose();
        _delta.Dispose();
        _lock?.Dispose();
        _place.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A run that is broken off leaves what it copied for the next one.</summary>
    private void KeepProgress()
    {
        if (_committed)
            return;
        try
        {
            _progress.CheckpointNow();
        }
        catch (FileSystemException)
        {
            // The disk may be what broke the run off.
        }
    }

    private IMirrorTree Tree => _tree ?? MakeTree();

    private IMirrorTree MakeTree()
    {
        lock (_remarks)
        {
            if (_tree is null)
                _leftovers.MakingRoom(() => _tree = NewTree());
            return _tree!;
        }
    }

    private IMirrorTree NewTree() => IsFirst
        ? new NewTree(_place, _traits, _increment, _names, new PlaceNames(_place), new MetadataWriter(_remarks, MirrorLayout.ModeInMirror), _remarks, _progress, _leftovers)
        : new StagedTree(_place, _traits, _increments, _increment, _names, new PlaceNames(_place), _copies, new MetadataWriter(_remarks, MirrorLayout.ModeInMirror), _remarks, _progress, _leftovers, _wasInterrupted, _request.StateFolder);

    private Snapshot Commit()
    {
        var tree = Tree;
        tree.Finish();
        var description = new IncrementDescription
        {
            Number = _increment.Number,
            Parent = IsFirst ? null : _increments[^1].Number,
            Time = _request.Time,
            Client = _request.Client,
            Job = _request.Job,
            Tags = _request.Tags.Count == 0 ? null : SnapshotTags.Sorted(_request.Tags),
            Statistics = Statistics,
        };
        _increment.Complete(description);
        // Invariant: from here on every object that gets a name below is durable, and so is what it replaces.
        _place.Barrier();
        // What takes room comes before mirror/ is touched.
        _increment.ShareBlocks();
        // Invariant: what leaves mirror/ and has no other name lies in its increment for good before anything takes its place.
        if (tree.SetAside())
            _place.Barrier();
        tree.Apply();
        // Invariant: mirror/ and the increment's own files are durable before the increment has its name.
        _place.Barrier();
        _increment.Commit();
        return new Snapshot(_increment.Id, _increment.Number, _request.Time, _request.Client, _request.Job, description.Statistics) { Tags = description.Tags ?? [] };
    }

    /// <summary>Metadata of the mirror's own files that differed from the record; the record stays as it is.</summary>
    private void ApplyWithoutIncrement()
    {
        if (_tree is { HasWork: true } tree)
            tree.Apply();
    }

    private IEnumerable<SnapshotEntry> Head(CancellationToken cancellationToken)
    {
        if (IsFirst)
            return [];
        return _cacheIsCurrent ? _cache.Entries() : RecordMerge.State(_place, _increments, isNewest: true, cancellationToken);
    }

    /// <summary>True when the cache is of the newest snapshot.</summary>
    /// <exception cref="HoldfastException">The place does not know the snapshot this client saw last: it is another copy of the place.</exception>
    private bool RequireKnownHistory(string? seen)
    {
        if (seen is null)
            return false;
        if (!_increments.Any(i => i.Id == seen) && !Forgotten.Read(_place).Contains(seen))
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"'{_place.Display}' lacks the snapshot {seen} that this client made here: it is an older copy or a clone of the place.",
                $"If it is to go on from this copy, type: holdfast init {_request.Job} --adopt; a clone to be kept beside the other: --new-id.");
        return _increments.Count > 0 && _increments[^1].Id == seen;
    }

    private static ChangeKind Brings(Change change) => change.Known is { Holding: Holding.Foreign } ? ChangeKind.New : ChangeKind.Changed;

    private SnapshotStatistics Statistics => new()
    {
        Entries = _entries,
        Bytes = _bytes,
        New = _new,
        Changed = _changed,
        Metadata = _metadata,
        Moved = _moved,
        Deleted = _deleted,
        BytesAdded = _bytesAdded,
    };

    private void Tally(Change change, ChangeKind kind)
    {
        if (change.Known is { Holding: not Holding.Foreign } known)
            Count(known.Entry, -1);
        Count(change.Entry, 1);
        switch (kind)
        {
            case ChangeKind.New: _new++; break;
            case ChangeKind.Changed: _changed++; break;
            case ChangeKind.Metadata: _metadata++; break;
            case ChangeKind.Moved: _moved++; break;
        }
        if (change.BringsBytes)
            _bytesAdded += change.Entry.Size;
    }

    private void Count(Entry entry, int sign)
    {
        Interlocked.Add(ref _entries, sign);
        Interlocked.Add(ref _bytes, sign * entry.Size);
    }
}
