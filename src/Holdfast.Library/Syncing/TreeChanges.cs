using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>
/// The three things a sync does to a tree of files: put, move, remove. Each happens only when the path holds what is expected,
/// each is one step for everybody who looks, and what was there lies in the trash afterwards.
/// </summary>
/// <param name="folder">The tree.</param>
/// <param name="incoming">A folder of the same file system with the bytes that came in.</param>
/// <param name="trash">Where the old goes.</param>
internal sealed class TreeChanges(IFolder folder, IFolder incoming, Trash trash)
{
    /// <summary>What lies at a path; nothing behind a symlink does.</summary>
    public FileStat? At(EntryPath path) => IsReachable(path) ? folder.TryStat(path) : null;

    /// <summary>False when a part of the way is no folder: a symlink may lead out of the tree.</summary>
    public bool IsReachable(EntryPath path)
    {
        for (var above = path.Parent; !above.IsRoot; above = above.Parent)
            if (folder.TryStat(above) is { Type: not EntryType.Folder })
                return false;
        return true;
    }

    /// <summary>Gives bytes that came in a path. False when it does not hold what is expected.</summary>
    /// <param name="staged">Their name among what came in. Its bytes must be durable.</param>
    /// <param name="path">The path they get.</param>
    /// <param name="isExpected">Whether the file there is the one to replace; null when there must be none.</param>
    public bool Put(EntryPath staged, EntryPath path, Func<FileStat, bool>? isExpected)
    {
        if (!IsReachable(path))
            return false;
        var there = folder.TryStat(path);
        if (isExpected is null)
            return there is null or { Type: EntryType.Folder } && TryName(staged, path, there);
        return there is { Type: EntryType.File } old && isExpected(old) && TryReplace(staged, path, old);
    }

    /// <summary>Moves a file. False when it is not the expected one, or something has the path it is to get.</summary>
    public bool Move(EntryPath from, EntryPath to, Func<FileStat, bool> isExpected)
    {
        if (At(from) is not { Type: EntryType.File } stat || !isExpected(stat) || !IsReachable(to) || folder.TryStat(to) is not null)
            return false;
        try
        {
            FolderTree.Ensure(folder, to.Parent, LibraryLayout.FolderMode);
            folder.Rename(from, folder, to, replace: false);
        }
        catch (FileSystemException e) when (e.Error is Errno.Exists or Errno.NotAFolder or Errno.NotFound)
        {
            return false;
        }
        RemoveEmpty(from.Parent);
        return true;
    }

    /// <summary>Moves a file to the trash, and removes the folders that nothing is left in. False when it is not the expected one.</summary>
    public bool Remove(EntryPath path, Func<FileStat, bool> isExpected)
    {
        if (At(path) is not { Type: EntryType.File } stat || !isExpected(stat))
            return false;
        folder.Rename(path, folder, trash.RoomFor(path), replace: false);
        RemoveEmpty(path.Parent);
        return true;
    }

    private bool TryName(EntryPath staged, EntryPath path, FileStat? there)
    {
        try
        {
            if (there is not null)
                folder.RemoveFolder(path); // An empty folder is no file of anybody's.
            FolderTree.Ensure(folder, path.Parent, LibraryLayout.FolderMode);
            incoming.Rename(staged, folder, path, replace: false);
            return true;
        }
        catch (FileSystemException e) when (e.Error is Errno.Exists or Errno.NotEmpty or Errno.NotAFolder)
        {
            return false; // Somebody put something there just now.
        }
    }

    private bool TryReplace(EntryPath staged, EntryPath path, in FileStat old)
    {
        var room = trash.RoomFor(path);
        if (!TryLink(path, room))
        {
            // Without hard links the path is free for a moment. Whatever is there goes along, so nothing is lost.
            folder.Rename(path, folder, room, replace: false);
            return TryName(staged, path, there: null);
        }
        // Invariant: what is replaced is what lies in the trash.
        if (folder.Stat(room) is var kept && (kept.Inode != old.Inode || kept.Size != old.Size || kept.Modified != old.Modified))
        {
            folder.Remove(room);
            return false;
        }
        incoming.Rename(staged, folder, path, replace: true);
        return true;
    }

    private bool TryLink(EntryPath path, EntryPath room)
    {
        if (!folder.Traits.HardLinks)
            return false;
        try
        {
            folder.Link(path, folder, room);
            return true;
        }
        catch (FileSystemException e) when (e.Error is Errno.NotSupported or Errno.NotPermitted or Errno.TooManyLinks or Errno.NotImplemented)
        {
            return false;
        }
    }

    private void RemoveEmpty(EntryPath at)
    {
        try
        {
            for (; !at.IsRoot; at = at.Parent)
                folder.RemoveFolder(at);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotEmpty or Errno.Exists or Errno.NotFound or Errno.Busy or Errno.NotAFolder or Errno.AccessDenied or Errno.NotPermitted)
        {
            // Something is left in it, or it is not ours to remove.
        }
    }
}
