using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>A mirror built anew: everything gets its name at once, below a root that is renamed when all is durable.</summary>
internal sealed class NewTree : IMirrorTree
{
    private readonly IFolder _place;
    private readonly IFolder _tree;
    private readonly NewIncrement _increment;
    private readonly FurtherNames _names;
    private readonly PlaceNames _placeNames;
    private readonly FileSystemTraits _traits;
    private readonly Remarks _remarks;
    private readonly MetadataWriter _metadata;
    private readonly Progress _progress;
    private readonly Leftovers _leftovers;

    // Folders whose entries are still coming: their time is set when nothing more is written into them.
    private readonly Stack<Entry> _open = new();

    public NewTree(IFolder place, FileSystemTraits traits, NewIncrement increment, FurtherNames names, PlaceNames placeNames, MetadataWriter metadata, Remarks remarks, Progress progress, Leftovers leftovers)
    {
        _place = place;
        _increment = increment;
        _names = names;
        _placeNames = placeNames;
        _metadata = metadata;
        _progress = progress;
        _leftovers = leftovers;
        FolderTree.EnsureOwn(place, MirrorLayout.NewMirror, MirrorLayout.FolderMode);
        _tree = place.OpenFolder(MirrorLayout.NewMirror);
        _traits = traits;
        _remarks = remarks;
    }

    public bool HasWork => true;

    public IContentSink Receive(Change change)
    {
        var path = change.Path;
        _placeNames.Claim(path);
        var mode = MirrorLayout.ModeOfNew(change.Entry);
        return new FileSink(_tree, path, Create(path, mode), mode, _traits.Reflinks, _metadata, entry => Done(path, entry));
    }

    public ContentId? TryReuse(Change change)
    {
        _placeNames.Claim(change.Path);
        if (_leftovers.TryTake(change.Entry, _tree, change.Path) is not { } content)
            return null;
        var entry = change.Entry with { Content = content };
        _metadata.Apply(_tree, change.Path, entry);
        Done(change.Path, entry);
        return content;
    }

    public void Discard(EntryPath path)
    {
        _increment.Untrack(path);
        if (_tree.TryStat(path) is not null)
            _tree.Remove(path);
    }

    public void Put(Change change)
    {
        var entry = change.Entry;
        CloseFoldersBefore(entry.Path);
        if (_traits.Holds(entry.Type)) // What lies in the record alone takes nobody's name.
            _placeNames.Claim(entry.Path);
        switch (entry.Type)
        {
            case EntryType.Folder:
                EnsureFolder(entry.Path);
                _open.Push(entry);
                break;
            case var type when !_traits.Holds(type):
                _remarks.AddNotHeld(type);
                break;
            case var type when change.IsFurtherName:
                Link(entry.LinkedWith!.Value, entry.Path);
                if (type == EntryType.File)
                    TrackOrUnlink(entry);
                break;
            case EntryType.File:
                break;
            default:
                WithParent(entry.Path, () => Node.Create(_tree, entry.Path, entry));
                _metadata.Apply(_tree, entry.Path, entry);
                break;
        }
    }

    public void Remove(Change change) => throw new InvalidOperationException("A new mirror has nothing to remove.");

    /// <summary>Sets the metadata of the last folders; the tree is complete then.</summary>
    public void Finish()
    {
        while (_open.Count > 0)
            Close(_open.Pop());
    }

    public bool SetAside() => false;

    public void Apply() => _place.Rename(MirrorLayout.NewMirror, _place, MirrorLayout.Mirror, replace: false);

    public void Dispose() => _tree.Dispose();

    private void Done(EntryPath path, Entry entry)
    {
        Track(path, entry);
        _progress.Note(path, entry);
    }

    private void Track(EntryPath path, Entry entry)
    {
        // Without hard links contents lie in mirror/ alone, until something takes their place.
        if (entry.Tracked && _traits.HardLinks)
            _increment.Track(_tree, path, path);
    }

    private void TrackOrUnlink(Entry entry)
    {
        try
        {
            Track(entry.Path, entry);
        }
        catch
        {
            _tree.Remove(entry.Path);
            throw;
        }
    }

    private void Link(EntryPath first, EntryPath path) => WithParent(path, () => _names.Add(_tree, first, _tree, path));

    private IFileWriter Create(EntryPath path, int mode)
    {
        try
        {
            return _tree.CreateFile(path, mode);
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            // A worker may be ahead of the thread that makes the folders.
            EnsureFolder(path.Parent);
            return Unholdable.InItsFolder(() => _tree.CreateFile(path, mode));
        }
        catch (FileSystemException e) when (e.Error == Errno.Exists && _placeNames.IsSpelled(_tree, path))
        {
            // Taken over from an interrupted run, and then the source turned out to be another by now.
            _tree.Remove(path);
            _increment.Untrack(path);
            return _tree.CreateFile(path, mode);
        }
    }

    private void WithParent(EntryPath path, Action create)
    {
        try
        {
            create();
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            EnsureFolder(path.Parent);
            Unholdable.InItsFolder(create);
        }
    }

    /// <summary>Makes a folder with those above it, which are all in the place's power to hold or to refuse.</summary>
    private void EnsureFolder(EntryPath path)
    {
        if (!path.IsRoot)
            Unholdable.InItsFolder(() => FolderTree.Ensure(_tree, path, MirrorLayout.FolderMode));
    }

    private void CloseFoldersBefore(EntryPath path)
    {
        while (_open.TryPeek(out var folder) && !path.IsUnder(folder.Path))
            Close(_open.Pop());
    }

    private void Close(Entry folder) => _metadata.Apply(_tree, folder.Path, folder);
}
