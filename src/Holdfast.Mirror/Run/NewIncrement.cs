using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Run;

/// <summary>The increment a run builds, under a name ending in .tmp until it is committed. Made when the first change needs it.</summary>
internal sealed class NewIncrement : IDisposable
{
    private readonly IFolder _place;
    private readonly EntryPath _temporary;
    private readonly FurtherNames _names;
    private readonly Leftovers _leftovers;
    private readonly Lock _making = new();
    private IFolder? _folder, _track, _deleted;
    private RecordWriter? _record;
    private bool _hasFiles;

    public NewIncrement(IFolder place, long number, DateTimeOffset time, FurtherNames names, Leftovers leftovers)
    {
        _place = place;
        _names = names;
        _leftovers = leftovers;
        Number = number;
        Id = MirrorLayout.IncrementId(number, time);
        _temporary = MirrorLayout.IncrementFolder(Id + ".tmp");
    }

    public long Number { get; }

    public string Id { get; }

    /// <summary>True when nothing has changed.</summary>
    public bool IsEmpty => (_record?.Lines ?? 0) == 0 && !_hasFiles;

    public void Write(RecordLine line)
    {
        if (_record is null)
            lock (_making)
                if (_record is null)
                    _leftovers.MakingRoom(() => _record = new RecordWriter(Folder.CreateFile(MirrorLayout.Entries, MirrorLayout.FileMode)));
        _record!.Write(line);
    }

    /// <summary>Holds the contents of a tracked file: a further name for what lies at <paramref name="from"/>, until <see cref="ShareBlocks"/>.</summary>
    public void Track(IFolder folder, EntryPath from, EntryPath path) => LinkInto(Sub(ref _track, MirrorLayout.Track), folder, from, path);

    /// <summary>Takes back what <see cref="Track"/> did.</summary>
    public void Untrack(EntryPath path)
    {
        if (_track?.TryStat(path) is not null)
            _track.Remove(path);
    }

    /// <summary>Holds a file that leaves mirror/.</summary>
    public void KeepDeleted(IFolder folder, EntryPath from, EntryPath path)
    {
        _hasFiles = true;
        LinkInto(Sub(ref _deleted, MirrorLayout.Deleted), folder, from, path);
    }

    /// <summary>Where a file that leaves mirror/ is held, for places without hard links.</summary>
    public EntryPath DeletedPath(EntryPath path)
    {
        _hasFiles = true;
        _ = Folder;
        return path.Under(_temporary.Child(MirrorLayout.Deleted.Bytes));
    }

    /// <summary>A file that was renamed did not go away after all.</summary>
    public void DropDeleted(EntryPath path)
    {
        if (_deleted?.TryStat(path) is not null)
            _deleted.Remove(path);
    }

    /// <summary>
    /// Gives the increment files of its own instead of further names of those in mirror/, where the place can share their
    /// blocks; elsewhere the names stay. For contents that are on the disk already: cloning others would write out each alone.
    /// </summary>
    public void ShareBlocks()
    {
        if (_track is null || !_place.Traits.Reflinks)
            return;
        var clones = new TrackClones(Folder, _track);
        foreach (var (path, stat) in FolderTree.Walk(_track))
            // What the first file with contents shows holds for the place, xfs made without reflinks for example.
            if (stat.Type == EntryType.File && !clones.TryReplace(path, stat) && !clones.Any)
                return;
    }

    /// <summary>Completes the record and the description. Nothing is durable yet.</summary>
    public void Complete(IncrementDescription description)
    {
        if (_record is null)
            _record = new RecordWriter(Folder.CreateFile(MirrorLayout.Entries, MirrorLayout.FileMode));
        _record.Dispose();
        using var file = Folder.CreateFile(MirrorLayout.Description, MirrorLayout.FileMode);
        file.Write(0, description.ToJson());
    }

    /// <summary>The commit: after this rename is durable the run has happened.</summary>
    public void Commit()
    {
        _place.Rename(_temporary, _place, MirrorLayout.IncrementFolder(Id), replace: false);
        _place.SyncFolder(MirrorLayout.Increments);
    }

    /// <summary>Removes an increment that turned out to be empty.</summary>
    public void Drop()
    {
        if (_folder is not null)
            FolderTree.Delete(_place, _temporary);
    }

    public void Dispose()
    {
        _track?.Dispose();
        _deleted?.Dispose();
        _folder?.Dispose();
    }

    private IFolder Folder
    {
        get
        {
            if (_folder is not null)
                return _folder;
            lock (_making)
            {
                if (_folder is not null)
                    return _folder;
                _leftovers.MakingRoom(() => FolderTree.EnsureOwn(_place, _temporary, MirrorLayout.FolderMode));
                return _folder = _place.OpenFolder(_temporary);
            }
        }
    }

    private IFolder Sub(ref IFolder? sub, EntryPath name)
    {
        if (sub is not null)
            return sub;
        var parent = Folder;
        lock (_making)
        {
            if (sub is not null)
                return sub;
            _leftovers.MakingRoom(() => FolderTree.Ensure(parent, name, MirrorLayout.FolderMode));
            return sub = parent.OpenFolder(name);
        }
    }

    private void LinkInto(IFolder into, IFolder folder, EntryPath from, EntryPath path)
    {
        try
        {
            Link(into, folder, from, path);
        }
        catch (FileSystemException e) when (e.IsNoSpace && _leftovers.GiveUp())
        {
            Link(into, folder, from, path);
        }
    }

    private void Link(IFolder into, IFolder folder, EntryPath from, EntryPath path)
    {
        try
        {
            _names.Add(folder, from, into, path);
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            FolderTree.Ensure(into, path.Parent, MirrorLayout.FolderMode);
            _names.Add(folder, from, into, path);
        }
    }
}
