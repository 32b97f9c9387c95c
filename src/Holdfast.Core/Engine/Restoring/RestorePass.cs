using System.Collections.Concurrent;
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
    private readonly RestoreTarget _target;
    private readonly RestoreCounters _counters;
    private readonly Func<EntryPath, Entry?> _lookup;
    private readonly LocalOwners _owners;
    private readonly ExistingEntry _existing;
    private readonly FileStaging _staging;
    private readonly GroupCommit _commit;
    private readonly Remarks _remarks;
    private readonly Removal _removal;
    private readonly int _workers;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<ContentReading> _readings = [];
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<EntryPath, RestoreItem> _firsts = [];
    private readonly Stack<OpenFolder> _folders = new();
    private readonly Stack<Entry> _above = new();
    private RestoreGroup _group = new();
    private Task _committing = Task.CompletedTask;
    private EntryPath? _failedBelow;
    private HoldfastException? _fatal;

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
        _target = target;
        _counters = counters;
        _remarks = remarks;
        _workers = workers;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _lookup = path => snapshots.Entries(snapshot, path, _stop.Token).Select(e => e.Entry).FirstOrDefault(e => e.Path == path);
        _owners = new LocalOwners(remarks);
        _existing = new ExistingEntry(options);
        _removal = new Removal(selection, counters, options);
        _staging = new FileStaging(snapshots, metadata, counters, names);
        _commit = new GroupCommit(options, _staging, metadata, remarks, counters, _removal, names, workers);
        _free = new SemaphoreSlim(workers, workers);
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
            if (_fatal is not null)
                throw _fatal;
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
        foreach (var folder in _group.Steps.OfType<OpenFolder>().Concat(_folders))
            folder.Dispose();
        foreach (var reading in _readings)
            reading.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private async ValueTask TakeAsync(SnapshotEntry found)
    {
        var path = found.Entry.Path;
        var isFolder = found.Entry.Type == EntryType.Folder;
        await LeaveToAsync(path);
        while (_above.TryPeek(out var above) && !path.IsUnder(above.Path))
            _above.Pop();
        if (!path.IsRoot && _folders.TryPeek(out var holder) && holder.Path == path.Parent)
            holder.Meet(path.Name);
        if (isFolder)
            _above.Push(found.Entry);
        if ((_failedBelow is { } failed && path.IsUnder(failed)) || !_selection.Selects(path, isFolder))
            return;
        try
        {
            if (!EnterAbove(path, isFolder))
                return;
            if (isFolder)
                EnterFolder(path, found.Entry);
            else
                await ItemAsync(found);
        }
        catch (Exception e) when (e is FileSystemException { IsNoSpace: false } or HoldfastException)
        {
            _counters.Fail(path, e.Message);
            if (isFolder)
                _failedBelow = path;
        }
        catch (FileSystemException e)
        {
            throw NoRoom(found.Entry, e);
        }
    }

    /// <summary>Opens the folders on the way to a path; those that are missing are made as the snapshot has them.</summary>
    private bool EnterAbove(EntryPath path, bool isFolder)
    {
        if (_folders.Count == 0)
        {
            if (_target.OpenFor(path, isFolder) is not { } root)
                return path.IsRoot ? false : throw new HoldfastException(ErrorKind.Failed, "no folder is known to restore it to; restore it with --to");
            if (!_options.DryRun)
                root.RemoveLeftovers();
            if (root.IsNew && _options.To is null && path != root.Path)
                root.Final = Find(root.Path) is { } entry ? _owners.Here(entry) : null;
            _folders.Push(root);
        }
        if (path == _folders.Peek().Path)
            return true;
        var missing = new Stack<EntryPath>();
        for (var above = path.Parent; above != _folders.Peek().Path; above = above.Parent)
            missing.Push(above);
        foreach (var above in missing)
            try
            {
                EnterFolder(above, selected: null);
            }
            catch (Exception e) when (e is FileSystemException { IsNoSpace: false } or HoldfastException)
            {
                _counters.Fail(above, e.Message);
                _failedBelow = above;
                return false;
            }
        return true;
    }

    private Entry? Find(EntryPath path) => _above.FirstOrDefault(e => e.Path == path) ?? _lookup(path);

    /// <param name="path">Its path.</param>
    /// <param name="selected">The folder's entry when it is restored itself; null when it is only on the way.</param>
    private void EnterFolder(EntryPath path, Entry? selected)
    {
        if (_folders.Peek() is { Parent: null } root && root.Path == path)
        {
            EnterRoot(root, selected!);
            return;
        }
        var parent = _folders.Peek();
        var name = EntryPath.Root.Child(path.Name);
        var there = parent.Find(name);
        var action = RestoreAction.Create;
        if (there is { Type: not EntryType.Folder })
        {
            if (selected is null || _options.Overwrite is Overwrite.Never or Overwrite.Older)
                throw new HoldfastException(ErrorKind.Failed, "something that is no folder is in the way; nothing below it was restored");
            _counters.Present++;
            action = RestoreAction.Replace;
            there = null;
            if (!_options.DryRun)
            {
                parent.MakeWritable();
                parent.Folder!.Remove(name);
            }
        }
        OpenFolder folder;
        if (there is { } stat)
        {
            folder = OpenFolder.Existing(path, parent, stat, _options.DryRun);
            if (selected is not null)
                folder.Final = Overwrites(stat, selected) ? _owners.Here(selected) : null;
            action = folder.Final is { } final && !ExistingEntry.SameMetadata(parent, name, stat, final, 1) ? RestoreAction.SetMetadata : RestoreAction.Nothing;
        }
        else
        {
            folder = Make(path, parent, name);
            folder.Final = (selected ?? Find(path)) is { } entry ? _owners.Here(entry) : null;
        }
        folder.IsWhole = selected is not null;
        _folders.Push(folder);
        if (!_options.DryRun)
            folder.RemoveLeftovers();
        if (selected is not null || action == RestoreAction.Create)
            Note(path, action);
    }

    /// <summary>
    /// A folder that people named keeps its own metadata unless it becomes what the snapshot has: restoring into /tmp must not
    /// give /tmp away.
    /// </summary>
    private void EnterRoot(OpenFolder root, Entry selected)
    {
        root.IsWhole = true;
        if (root.IsNew || root.IsEmpty || _options.Delete || (_options.To is null && Overwrites(root.Before, selected)))
            root.Final = _owners.Here(selected);
        var action = root.IsNew ? RestoreAction.Create : root.Final is null ? RestoreAction.Nothing : RestoreAction.SetMetadata;
        Note(selected.Path, action);
    }

    private OpenFolder Make(EntryPath path, OpenFolder parent, EntryPath name)
    {
        if (_options.DryRun)
            return OpenFolder.Planned(path, parent);
        const int ownerOnly = 0x1c0;
        parent.MakeWritable();
        parent.Folder!.CreateFolder(name, ownerOnly);
        return OpenFolder.New(path, parent);
    }

    private bool Overwrites(in FileStat there, Entry entry) => _options.Overwrite switch
    {
        Overwrite.Never => false,
        Overwrite.Older => there.Modified.CompareTo(entry.Modified) < 0,
        _ => true,
    };

    private async ValueTask ItemAsync(SnapshotEntry found)
    {
        var entry = _owners.Here(found.Entry);
        var folder = _folders.Peek();
        var name = EntryPath.Root.Child(entry.Path.Name);
        var first = FirstOf(entry, folder);
        var there = folder.Find(name);
        var (action, inDoubt) = Decide(folder, name, there, entry, first);
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
            Note(entry.Path, inDoubt && await DiffersAsync(item) ? RestoreAction.Replace : action);
            return;
        }
        if (item.IsWritten || inDoubt)
            folder.MakeWritable();
        if (item.IsWritten && first is null && entry.Type != EntryType.File)
            _staging.MakeNode(item);
        if ((item.IsWritten || inDoubt) && first is null && entry.Type == EntryType.File)
            await StartAsync(item);
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

    private (RestoreAction Action, bool InDoubt) Decide(OpenFolder folder, EntryPath name, in FileStat? existing, Entry entry, RestoreItem? first)
    {
        if (existing is not { } there)
            return (RestoreAction.Create, false);
        if (there.Type == EntryType.Folder)
        {
            RequireWayFree(folder, name);
            return (RestoreAction.Replace, false);
        }
        if (first is null || _options.Overwrite is Overwrite.Never or Overwrite.Older)
            return _existing.Decide(folder, name, there, entry);
        var isLinked = first is { IsWritten: false, InDoubt: false, Existing: { } other } && other.Inode == there.Inode && other.Device == there.Device;
        return (isLinked ? RestoreAction.Nothing : RestoreAction.Replace, false);
    }

    private void RequireWayFree(OpenFolder folder, EntryPath name)
    {
        if (_options.Overwrite is Overwrite.Never or Overwrite.Older)
            throw new HoldfastException(ErrorKind.Failed, "a folder is in the way");
        if (_options.Delete)
            return;
        using var inTheWay = folder.Folder!.OpenFolder(name);
        if (inTheWay.List().Count > 0)
            throw new HoldfastException(ErrorKind.Failed, "a folder that is not empty is in the way; with --delete it is removed");
    }

    private async ValueTask<bool> DiffersAsync(RestoreItem item)
    {
        using var reading = new ContentReading(_counters.Read);
        return !await FileStaging.HasContentsAsync(item, reading, _stop.Token);
    }

    private async ValueTask StartAsync(RestoreItem item)
    {
        if (_workers == 1)
        {
            await WriteAsync(item);
            return;
        }
        await _free.WaitAsync(_stop.Token);
        item.Work = Task.Run(async () =>
        {
            try
            {
                await WriteAsync(item);
            }
            finally
            {
                _free.Release();
            }
        });
    }

    private async Task WriteAsync(RestoreItem item)
    {
        var reading = _readings.TryTake(out var free) ? free : new ContentReading(_counters.Read);
        try
        {
            await _staging.WriteAsync(item, reading, _stop.Token);
            _readings.Add(reading);
            return;
        }
        catch (OperationCanceledException)
        {
            item.Failed = true;
            // The snapshot's reader may have been interrupted before we were: nobody may take this for a restore that is done.
            await _stop.CancelAsync();
        }
        catch (FileSystemException e) when (e.IsNoSpace)
        {
            item.Failed = true;
            _fatal ??= NoRoom(item.Entry, e);
            await _stop.CancelAsync();
        }
        catch (Exception e) when (e is HoldfastException or IOException)
        {
            item.Failed = true;
            _counters.Fail(item.Path, e.Message);
        }
        // Its hash holds half a file.
        reading.Dispose();
    }

    private void Note(EntryPath path, RestoreAction action)
    {
        _counters.Count(action);
        if (_options.DryRun && action is not (RestoreAction.Nothing or RestoreAction.Keep))
            _options.OnPlanned?.Invoke(path, action);
    }

    /// <summary>Leaves the folders that do not hold the path; null leaves all.</summary>
    private async ValueTask LeaveToAsync(EntryPath? path)
    {
        while (_folders.TryPeek(out var folder) && (path is not { } next || !next.IsAtOrUnder(folder.Scope)))
        {
            _folders.Pop();
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
        _committing = _workers == 1 ? _commit.RunAsync(group, mayRemove, _stop.Token) : Task.Run(() => _commit.RunAsync(group, mayRemove, _stop.Token));
        if (_workers == 1)
            await _committing;
    }

    /// <summary>Cut off: what is complete gets its name, so that the next restore need not write it again; nothing is removed.</summary>
    private async ValueTask FinishWhatIsWrittenAsync()
    {
        await _stop.CancelAsync();
        await Quietly(_committing);
        _committing = Task.CompletedTask;
        while (_folders.TryPop(out var folder))
            _group.Add(folder);
        var group = _group;
        _group = new RestoreGroup();
        if (!_options.DryRun)
            await Quietly(_commit.RunAsync(group, mayRemove: false, CancellationToken.None));
        foreach (var folder in group.Steps.OfType<OpenFolder>())
            folder.Dispose();
    }

    private HoldfastException NoRoom(Entry entry, FileSystemException e) => new(
        ErrorKind.Failed,
        $"no room to restore '{entry.Path}': it needs {entry.Size:N0} bytes ({e.Message}).",
        $"{_counters.FilesDone:N0} files were restored so far. Make room and run the restore again: it goes on where it stopped.",
        e);

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
