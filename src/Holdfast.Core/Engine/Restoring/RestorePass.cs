using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// One walk over a snapshot in path order, beside the folders it is restored into. Decides path by path, lets workers write
/// contents, and hands groups over to be committed while it goes on.
/// </summary>
internal sealed class RestorePass : IAsyncDisposable
{
    private readonly RestoreOptions _options;
    private readonly Selection _selection;
    private readonly RestoreCounters _counters;
    private readonly LocalOwners _owners;
    private readonly ExistingEntry _existing;
    private readonly FileStaging _staging;
    private readonly GroupCommit _commit;
    private readonly Remarks _remarks;
    private readonly Removal _removal;
    private readonly bool _isSequential;
    private readonly RestoreWorkers _workers;
    private readonly RestoreFolders _folders;
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<EntryPath, RestoreItem> _firsts = [];
    private RestoreGroup _group = new();
    private Task _committing = Task.CompletedTask;

    public RestorePass(
        ISnapshots snapshots,
        Snapshot snapshot,
        RestoreOptions options,
        Selection selection,
        RestoreTarget target,
        RestoreCounters counters,
        Remarks remarks,
        int workers,
        CancellationToken cancellationToken)
    {
        var names = new TemporaryName();
        var metadata = new MetadataWriter(remarks);
        _options = options;
        _selection = selection;
        _counters = counters;
        _remarks = remarks;
        _isSequential = workers == 1;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _owners = new LocalOwners(remarks);
        _existing = new ExistingEntry(options);
        _removal = new Removal(selection, counters, options);
        _staging = new FileStaging(snapshots, metadata, counters, names);
        _commit = new GroupCommit(options, _staging, metadata, remarks, counters, _removal, names, workers);
        _workers = new RestoreWorkers(_staging, counters, workers, _stop);
        _folders = new RestoreFolders(options, target, counters, _owners, Find);

        Entry? Find(EntryPath path) => snapshots.Entries(snapshot, path, _stop.Token).Select(e => e.Entry).FirstOrDefault(e => e.Path == path);
    }

    public async Task RunAsync(IEnumerable<SnapshotEntry> entries)
    {
        try
        {
            foreach (var entry in entries)
            {
                _stop.Token.ThrowIfCancellationRequested();
                await TakeAsync(entry);
            }
            await LeaveToAsync(null);
            await CommitAsync(mayRemove: true);
            await _committing;
            _stop.Token.ThrowIfCancellationRequested();
        }
        catch (Exception e) when (e is OperationCanceledException or HoldfastException or FileSystemException)
        {
            await FinishWhatIsWrittenAsync();
            if (_workers.Fatal is { } fatal)
                throw fatal;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // No handle may be closed while a worker still uses it: its number could be another file's by then.
        await Quietly(_committing);
        foreach (var item in _group.Items)
            await Quietly(item.Work);
        foreach (var folder in _group.Steps.OfType<OpenFolder>().Concat(_folders.Open))
            folder.Dispose();
        _workers.Dispose();
        _stop.Dispose();
    }

    private async ValueTask TakeAsync(SnapshotEntry found)
    {
        var path = found.Entry.Path;
        var isFolder = found.Entry.Type == EntryType.Folder;
        await LeaveToAsync(path);
        _folders.Meet(found.Entry);
        if (_folders.IsBelowFailure(path) || !_selection.Selects(path, isFolder))
            return;
        try
        {
            if (!_folders.EnterAbove(path, isFolder))
                return;
            if (isFolder)
                _folders.Enter(path, found.Entry);
            else
                await ItemAsync(found);
        }
        catch (Exception e) when (e is FileSystemException { IsNoSpace: false } or HoldfastException)
        {
            _folders.Fail(path, e.Message, isFolder);
        }
        catch (FileSystemException e)
        {
            throw _workers.NoRoom(found.Entry, e);
        }
    }

    private async ValueTask ItemAsync(SnapshotEntry found)
    {
        var entry = _owners.Here(found.Entry);
        var folder = _folders.Current;
        var name = EntryPath.Root.Child(entry.Path.Name);
        var first = FirstOf(entry, folder);
        var there = folder.Find(name);
        var (action, inDoubt) = _existing.Decide(folder, name, there, entry, first);
        var item = new RestoreItem { Source = found, Entry = entry, Folder = folder, Name = name, Existing = there, Action = action, InDoubt = inDoubt, LinkTo = first };
        _counters.Files++;
        if (there is not null)
            _counters.Present++;
        if (entry.LinkedWith is { } group && first is null && action != RestoreAction.Keep)
            _firsts[group] = item;
        if (_options.DryRun)
        {
            if (there is { Type: EntryType.Folder } && _options.Delete)
                _removal.Remove(folder.Folder!, name, entry.Path, folder.Before.Device);
            _counters.Note(entry.Path, inDoubt && await _workers.DiffersAsync(item) ? RestoreAction.Replace : action, _options);
            return;
        }
        if (item.IsWritten || inDoubt)
            folder.MakeWritable();
        if (item.IsWritten && first is null && entry.Type != EntryType.File)
            _staging.MakeNode(item);
        if ((item.IsWritten || inDoubt) && first is null && entry.Type == EntryType.File)
            await _workers.StartAsync(item);
        _group.Add(item);
        if (_group.IsFull)
            await CommitAsync(mayRemove: true);
    }

    private RestoreItem? FirstOf(Entry entry, OpenFolder folder)
    {
        if (entry.LinkedWith is not { } group || !_firsts.TryGetValue(group, out var first))
            return null;
        if (folder.Folder is null || folder.Folder.Traits.HardLinks)
            return first;
        _remarks.Add("{0} hard links became files of their own, because this file system has none");
        return null;
    }

    /// <summary>Leaves the folders that do not hold the path; null leaves all.</summary>
    private async ValueTask LeaveToAsync(EntryPath? path)
    {
        while (_folders.TryLeave(path, out var folder))
        {
            if (_options.DryRun)
                _commit.Plan(folder);
            else
                _group.Add(folder);
            if (_group.IsFull)
                await CommitAsync(mayRemove: true);
        }
    }

    private async ValueTask CommitAsync(bool mayRemove)
    {
        var group = _group;
        await _committing;
        _group = new RestoreGroup();
        _committing = _isSequential ? _commit.RunAsync(group, mayRemove, _stop.Token) : Task.Run(() => _commit.RunAsync(group, mayRemove, _stop.Token));
        if (_isSequential)
            await _committing;
    }

    /// <summary>Cut off: what is complete gets its name, so that the next restore need not write it again; nothing is removed.</summary>
    private async ValueTask FinishWhatIsWrittenAsync()
    {
        await _stop.CancelAsync();
        await Quietly(_committing);
        _committing = Task.CompletedTask;
        while (_folders.TryLeave(null, out var folder))
            _group.Add(folder);
        var group = _group;
        _group = new RestoreGroup();
        if (!_options.DryRun)
            await Quietly(_commit.RunAsync(group, mayRemove: false, CancellationToken.None));
        foreach (var folder in group.Steps.OfType<OpenFolder>())
            folder.Dispose();
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or HoldfastException or IOException)
        {
            // The first error is already on its way to the caller.
        }
    }
}
