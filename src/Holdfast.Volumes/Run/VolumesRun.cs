using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Record;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Run;

/// <summary>
/// One run against volumes. The database changes in one transaction that commits after the volumes have their names: cut off
/// before, nothing happened; cut off between, the next run reads the new volumes and catches up.
/// </summary>
internal sealed class VolumesRun : ICyclicRun
{
    private readonly IVolumePlace _place;
    private readonly PlaceMarker _marker;
    private readonly IDisposable? _lock;
    private readonly VolumeDatabase _database;
    private readonly RunRequest _request;
    private readonly VolumeOptions _options;
    private readonly LiveSpool _live;
    private readonly CyclicShare _files, _others;
    private readonly VolumeSeries _volumes;
    private readonly Remarks _remarks;
    private readonly RunFigures _figures = new();
    private readonly PartTimes _times;
    private readonly List<string> _gone = [];
    private readonly Saving _saving;
    // Filled by the thread that reads what was there, emptied by the one that plans.
    private readonly ConcurrentQueue<(long Version, long SavedInRun)> _asked = [];
    private readonly ConcurrentDictionary<EntryPath, HeldFile> _held = new();
    private readonly long _run;
    private IReadOnlyList<KeyValuePair<EntryPath, string>> _missing = [];
    private SavedMember? _saved;

    public VolumesRun(IVolumePlace place, PlaceMarker marker, IDisposable? held, VolumeDatabase database, RunRequest request, VolumeOptions options, Remarks remarks, TimeProvider clock, CancellationToken interruption)
    {
        (_place, _marker, _lock, _database, _request, _options, _remarks) = (place, marker, held, database, request, options, remarks);
        _run = database.NewestRun() + 1;
        _files = new CyclicShare(options.Split, _run);
        _others = new CyclicShare(options.Split, _run);
        _live = new LiveSpool(request.StateFolder);
        _volumes = new VolumeSeries(place, database, options, request.StateFolder, clock, name => PlanOf(name), interruption);
        _saving = new Saving(database, _volumes, _figures, remarks, _run);
        _times = new PartTimes(clock);
    }

    public bool IsFirst => _run == 1;

    // Volumes hold nanoseconds.
    public long TimeResolution => 1;

    public bool MayReuse => false;

    public long MostHeld => _volumes.PartLength is { } most ? Math.Min(most, HeldSink.Most) : HeldSink.Most;

    public IReadOnlyCollection<string> Remarks => _remarks.All;

    public IReadOnlyList<KeyValuePair<string, string>> Figures => _figures.ToList(_volumes.Published, _times, _volumes.ReadingBack, _removable);

    public IEnumerable<KnownEntry> Previous(CancellationToken cancellationToken)
    {
        if (IsFirst)
            yield break;
        foreach (var state in _database.Live())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isLost = state.Saved is null && state.Entry.Type != EntryType.Socket;
            _asked.Enqueue((state.Id, state.SavedInRun ?? 0));
            yield return new KnownEntry(state.Entry, isLost ? Holding.Lost : Holding.Intact, state.Id);
        }
    }

    public void Unchanged(Entry entry, KnownEntry known)
    {
        // Both come in path order: what was asked for and not found unchanged in between is passed over.
        (long Version, long SavedInRun) asked;
        while (_asked.TryDequeue(out asked) && asked.Version != known.Version)
        {
        }
        var savedInRun = asked.SavedInRun;
        _figures.Same(entry);
        _live.Add(entry with { Content = known.Entry.Content }, known.Version, savedInRun);
        if (IsFurtherName(entry))
            return;
        ShareOf(entry).Count(savedInRun);
    }

    public void KeptOut(KnownEntry known) => _figures.KeptOut(known.Entry);

    public void Planned(Change change)
    {
        if (change.Kind == ChangeKind.Deleted)
            _gone.Add(PathText.Encode(change.Path.Bytes));
        else if (change.Kind is ChangeKind.Refreshed)
            _saving.OnlyHintsDiffer(change.Known!);
        else if (!IsFurtherName(change.Entry))
            ShareOf(change.Entry).CountChanged();
    }

    public void PlanComplete()
    {
    }

    public ContentId? TryReuse(Change change) => null;

    public IContentSink Receive(Change change)
    {
        // From several threads: nothing but the held files may be touched.
        if (change.Entry.Size <= MostHeld && !change.Entry.IsSparse)
            return new HeldSink(change.Entry.Size, file => _held[change.Path] = file);
        _saved = null;
        return _volumes.PartLength is { } most && change.Entry.Size > most
            ? new PartedSink(_volumes, change.Entry, most, saved => _saved = saved)
            : new MemberSink(_volumes.For(change.Entry.Size), change.Entry, saved => _saved = saved);
    }

    // Its member stays in the archive; nothing records it, so it counts for nothing.
    public void Discard(Change change)
    {
        _saved = null;
        if (_held.TryRemove(change.Path, out var file))
            file.Dispose();
    }

    public ValueTask PutAsync(Change change, CancellationToken cancellationToken)
    {
        _database.Begin();
        var entry = change.Entry;
        if (change.Kind == ChangeKind.Refreshed || entry.Type != EntryType.File || IsFurtherName(entry))
            _saving.Put(change);
        else if (_held.TryRemove(entry.Path, out var file))
            _saving.Put(change, file);
        else if (_saved is { } saved && saved.Entry.Path == entry.Path)
            _saving.Record(change, saved);
        else
            _figures.Torn(entry);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Change change, CancellationToken cancellationToken)
    {
        _database.Begin();
        _saving.Gone(change, _request.Time);
        return ValueTask.CompletedTask;
    }

    public IEnumerable<Change> Again()
    {
        _times.EndIncremental();
        _saving.BeginCyclic();
        foreach (var (entry, version, savedInRun) in _live.Read())
        {
            var group = entry.LinkedWith;
            var isDue = IsFurtherName(entry) ? _saving.IsWanted(group!.Value) : ShareOf(entry).Takes(savedInRun) | (group is { } g && _saving.IsWanted(g));
            if (!isDue)
                continue;
            // Only its ctime was new, and then its contents too: it was saved with what changed.
            if (_saving.WasReplaced(version))
                continue;
            // A link group is saved as a unit.
            if (group is { } first && first == entry.Path)
                _saving.Want(first);
            yield return new Change(ChangeKind.Again, entry, new KnownEntry(entry, Holding.Intact, version));
        }
    }

    public void Missing(IReadOnlyList<KeyValuePair<EntryPath, string>> failures) => _missing = failures;

    public Task<CommitResult> CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _times.EndCyclic();
        _saving.PutWaiting();
        if (!_saving.Any && !IsFirst)
        {
            // Only hints changed, if anything.
            _database.Commit();
            return Task.FromResult(new CommitResult(_marker.Id, null));
        }
        _database.Begin();
        var snapshot = Commit();
        return Task.FromResult(new CommitResult(_marker.Id, snapshot));
    }

    public ValueTask DisposeAsync()
    {
        // What the disk says no to must not keep the rest from being let go.
        try
        {
            _database.Dispose();
            _live.Dispose();
        }
        finally
        {
            try
            {
                _volumes.Dispose();
            }
            finally
            {
                _lock?.Dispose();
                _place.Dispose();
            }
        }
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<VolumeName> _removable = [];

    private Snapshot Commit()
    {
        var last = _volumes.For(0);
        using (var index = new IndexSpool(_request.StateFolder))
        {
            foreach (var state in _database.LiveAndGone())
            {
                index.Add(IndexLine.Of(state.Entry, state.Saved, state.Gone is { } gone ? (state.Until!.Value, gone) : null, state.Saved is { } saved ? _database.Parts(state.Id, saved) : []));
                _figures.Listed(state);
            }
            index.WriteTo(last, _request.Time);
        }
        var statistics = _figures.Statistics;
        _database.AddRun(_run, last.Name.Number, _request.Time, _request.Client, _request.Job, statistics);
        _volumes.Complete(statistics, Failures());
        // Invariant: every volume of the run is durable and was read back before the first gets its name; the last name commits.
        _volumes.Publish();
        _database.Commit();
        _place.TidyUp();
        _removable = Removables.Of(_database, _options.KeepDeleted);
        _times.End();
        return new Snapshot(last.Name.Id, _run, _request.Time, _request.Client, _request.Job, statistics);
    }

    private List<VolumeFailure> Failures() => [.. _missing.Select(m => new VolumeFailure(PathText.Encode(m.Key.Bytes), m.Value))];

    private VolumePlan PlanOf(VolumeName name) => new()
    {
        Place = _marker.Id,
        Volume = name.Number,
        Run = _run,
        Parent = name.Number == 1 ? null : name.Number - 1,
        Time = _request.Time,
        Client = _request.Client,
        Job = _request.Job,
        Sources = _request.Sources,
        Split = _options.Split,
        Gone = _gone,
    };

    private CyclicShare ShareOf(Entry entry) => entry.Type == EntryType.File ? _files : _others;

    /// <summary>True for a name of a file whose bytes go with another name.</summary>
    internal static bool IsFurtherName(Entry entry) => entry.LinkedWith is { } first && first != entry.Path;
}
