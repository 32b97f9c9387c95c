using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>The folders on the way to where the walk over a snapshot is; entering one opens it, or makes it.</summary>
/// <param name="options">What people asked for.</param>
/// <param name="target">Opens the uppermost ones.</param>
/// <param name="counters">Told of what is made and of what fails.</param>
/// <param name="owners">Whose things become on this machine.</param>
/// <param name="lookup">An entry of the snapshot that the walk does not pass.</param>
internal sealed class RestoreFolders(RestoreOptions options, RestoreTarget target, RestoreCounters counters, LocalOwners owners, Func<EntryPath, Entry?> lookup)
{
    private readonly Stack<OpenFolder> _open = new();
    private readonly Stack<Entry> _above = new();
    private EntryPath? _failedBelow;

    /// <summary>The one that entries go into now.</summary>
    public OpenFolder Current => _open.Peek();

    /// <summary>All that are open.</summary>
    public IEnumerable<OpenFolder> Open => _open;

    /// <summary>The walk comes to an entry, whether it is restored or not.</summary>
    public void Meet(Entry entry)
    {
        while (_above.TryPeek(out var above) && !entry.Path.IsUnder(above.Path))
            _above.Pop();
        if (!entry.Path.IsRoot && _open.TryPeek(out var holder) && holder.Path == entry.Path.Parent)
            holder.Meet(entry.Path.Name);
        if (entry.Type == EntryType.Folder)
            _above.Push(entry);
    }

    /// <summary>True when a folder above it could not be entered.</summary>
    public bool IsBelowFailure(EntryPath path) => _failedBelow is { } failed && path.IsUnder(failed);

    /// <summary>A path cannot be restored; nor can, when it is a folder, what is below it.</summary>
    public void Fail(EntryPath path, string reason, bool isFolder)
    {
        counters.Fail(path, reason);
        if (isFolder)
            _failedBelow = path;
    }

    /// <summary>Leaves the innermost one when it does not hold the path; null leaves any.</summary>
    public bool TryLeave(EntryPath? path, out OpenFolder left)
    {
        var leaves = _open.TryPeek(out left!) && (path is not { } next || !next.IsAtOrUnder(left.Scope));
        if (leaves)
            _open.Pop();
        return leaves;
    }

    /// <summary>Opens the folders on the way to a path; those that are missing are made as the snapshot has them.</summary>
    public bool EnterAbove(EntryPath path, bool isFolder)
    {
        if (_open.Count == 0)
        {
            if (target.OpenFor(path, isFolder) is not { } root)
                return path.IsRoot ? false : throw new HoldfastException(ErrorKind.Failed, "no folder is known to restore it to; restore it with --to");
            if (!options.DryRun)
                root.RemoveLeftovers();
            if (root.IsNew && options.To is null && path != root.Path)
                root.Final = Find(root.Path) is { } entry ? owners.Here(entry) : null;
            _open.Push(root);
        }
        if (path == _open.Peek().Path)
            return true;
        var missing = new Stack<EntryPath>();
        for (var above = path.Parent; above != _open.Peek().Path; above = above.Parent)
            missing.Push(above);
        foreach (var above in missing)
            try
            {
                Enter(above, selected: null);
            }
            catch (Exception e) when (e is FileSystemException { IsNoSpace: false } or HoldfastException)
            {
                Fail(above, e.Message, isFolder: true);
                return false;
            }
        return true;
    }

    private Entry? Find(EntryPath path) => _above.FirstOrDefault(e => e.Path == path) ?? lookup(path);

    /// <param name="path">Its path.</param>
    /// <param name="selected">The folder's entry when it is restored itself; null when it is only on the way.</param>
    public void Enter(EntryPath path, Entry? selected)
    {
        if (_open.Peek() is { Parent: null } root && root.Path == path)
        {
            EnterRoot(root, selected!);
            return;
        }
        var parent = _open.Peek();
        var name = EntryPath.Root.Child(path.Name);
        var there = parent.Find(name);
        var action = RestoreAction.Create;
        if (there is { Type: not EntryType.Folder })
        {
            if (selected is null || options.Overwrite is Overwrite.Never or Overwrite.Older)
                throw new HoldfastException(ErrorKind.Failed, "something that is no folder is in the way; nothing below it was restored");
            counters.Present++;
            action = RestoreAction.Replace;
            there = null;
            if (!options.DryRun)
            {
                parent.MakeWritable();
                parent.Folder!.Remove(name);
            }
        }
        OpenFolder folder;
        if (there is { } stat)
        {
            folder = OpenFolder.Existing(path, parent, stat, options.DryRun);
            if (selected is not null)
                folder.Final = Overwrites(stat, selected) ? owners.Here(selected) : null;
            action = folder.Final is { } final && !ExistingEntry.SameMetadata(parent, name, stat, final, 1) ? RestoreAction.SetMetadata : RestoreAction.Nothing;
        }
        else
        {
            folder = Make(path, parent, name);
            folder.Final = (selected ?? Find(path)) is { } entry ? owners.Here(entry) : null;
        }
        folder.IsWhole = selected is not null;
        _open.Push(folder);
        if (!options.DryRun)
            folder.RemoveLeftovers();
        if (selected is not null || action == RestoreAction.Create)
            counters.Note(path, action, options);
    }

    /// <summary>
    /// A folder that people named keeps its own metadata unless it becomes what the snapshot has: restoring into /tmp must not
    /// give /tmp away.
    /// </summary>
    private void EnterRoot(OpenFolder root, Entry selected)
    {
        root.IsWhole = true;
        if (root.IsNew || root.IsEmpty || options.Delete || (options.To is null && Overwrites(root.Before, selected)))
            root.Final = owners.Here(selected);
        var action = root.IsNew ? RestoreAction.Create : root.Final is null ? RestoreAction.Nothing : RestoreAction.SetMetadata;
        counters.Note(selected.Path, action, options);
    }

    private OpenFolder Make(EntryPath path, OpenFolder parent, EntryPath name)
    {
        if (options.DryRun)
            return OpenFolder.Planned(path, parent);
        const int ownerOnly = 0x1c0;
        parent.MakeWritable();
        parent.Folder!.CreateFolder(name, ownerOnly);
        return OpenFolder.New(path, parent);
    }

    private bool Overwrites(in FileStat there, Entry entry) => options.Overwrite switch
    {
        Overwrite.Never => false,
        Overwrite.Older => there.Modified.CompareTo(entry.Modified) < 0,
        _ => true,
    };
}
