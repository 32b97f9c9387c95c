using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>What is done to whole trees of a place.</summary>
public static class FolderTree
{
    // Together two seconds of waiting.
    private const int MostAttempts = 20;

    /// <summary>Creates a folder and those on the way to it, where missing.</summary>
    public static void Ensure(IFolder folder, EntryPath path, int mode)
    {
        // Most of the time it is there, or its parent is. Going down by calls of itself would use up the stack on a path with
        // thousands of parts, and that ends the process.
        var missing = new Stack<EntryPath>();
        for (var next = path; !next.IsRoot && !TryCreate(folder, next, mode); next = next.Parent)
            missing.Push(next);
        foreach (var next in missing)
            CreateUnlessThere(folder, next, mode);
    }

    /// <summary>
    /// The same for a folder to work in: exactly these permissions and this process's group, whatever the folder above gives to
    /// what is made in it (set-group-id bit, default ACL), so that nothing is passed on to the files made below.
    /// </summary>
    public static void EnsureOwn(IFolder folder, EntryPath path, int mode)
    {
        Ensure(folder, path, mode);
        try
        {
            ForgetInherited(folder, path, mode);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotPermitted or Errno.NotSupported or Errno.InvalidArgument or Errno.NotImplemented)
        {
            // A file system without owners and permissions passes none on either.
        }
    }

    /// <summary>Removes a path with everything below it; nothing happens when it is not there. Symlinks are removed, never followed.</summary>
    public static void Delete(IFolder folder, EntryPath path)
    {
        if (folder.TryStat(path) is not { } stat)
            return;
        if (stat.Type != EntryType.Folder)
        {
            folder.Remove(path);
            return;
        }
        DeleteFolder(folder, path, stat);
    }

    private static void DeleteFolder(IFolder folder, EntryPath path, in FileStat stat)
    {
        DeleteContents(folder, path, stat);
        for (var attempt = 1; !TryRemoveFolder(folder, path, isLast: attempt == MostAttempts); attempt++)
        {
            // FUSE hears of a close a moment later, and until then gives a file that is removed another name (libfuse,
            // .fuse_hidden…); that one can be removed, once it has heard.
            if (attempt > 1)
                Thread.Sleep(attempt * 10);
            DeleteContents(folder, path, stat);
        }
    }

    private static bool TryRemoveFolder(IFolder folder, EntryPath path, bool isLast)
    {
        try
        {
            folder.RemoveFolder(path);
            return true;
        }
        catch (FileSystemException e) when (e.Error == Errno.NotEmpty && !isLast)
        {
            return false;
        }
    }

    /// <summary>Every entry below a folder in path order, folders before what they hold.</summary>
    public static IEnumerable<(EntryPath Path, FileStat Stat)> Walk(IFolderReader folder)
    {
        var open = new Stack<Level>();
        open.Push(new Level(folder, EntryPath.Root));
        try
        {
            while (open.TryPeek(out var level))
            {
                if (level.Next == level.Listing.Count)
                {
                    open.Pop();
                    if (!level.Path.IsRoot)
                        level.Folder.Dispose();
                    continue;
                }
                var name = level.Next++;
                var path = level.Path.Child(level.Listing[name]);
                var stat = level.Folder.StatName(level.Listing.NulTerminated(name));
                yield return (path, stat);
                if (stat.Type != EntryType.Folder)
                    continue;
                open.Push(new Level(level.Folder.OpenFolder(EntryPath.From(level.Listing[name])), path));
            }
        }
        finally
        {
            foreach (var level in open)
                if (!level.Path.IsRoot)
                    level.Folder.Dispose();
        }
    }

    /// <summary>False when there is nothing yet to make it in.</summary>
    private static bool TryCreate(IFolder folder, EntryPath path, int mode)
    {
        try
        {
            CreateUnlessThere(folder, path, mode);
            return true;
        }
        // When the parent is the folder itself, that one is gone, and there is nothing to make it in.
        catch (FileSystemException e) when (e.Error == Errno.NotFound && !path.Parent.IsRoot)
        {
            return false;
        }
    }

    private static void CreateUnlessThere(IFolder folder, EntryPath path, int mode)
    {
        try
        {
            folder.CreateFolder(path, mode);
        }
        catch (FileSystemException e) when (e.Error == Errno.Exists)
        {
            // Somebody else was first, or it was there.
        }
    }

    private static void ForgetInherited(IFolder folder, EntryPath path, int mode)
    {
        foreach (var attribute in folder.ReadAttributes(path).Items.ToArray())
            if (attribute.Name.AsSpan().StartsWith("system.posix_acl_"u8))
                folder.RemoveAttribute(path, attribute.Name);
        var stat = folder.Stat(path);
        if (stat.GroupId != Owners.CurrentGroupId)
            folder.SetOwner(path, stat.UserId, Owners.CurrentGroupId);
        if (stat.Mode != mode)
            folder.SetMode(path, mode);
    }

    private static void DeleteContents(IFolder folder, EntryPath path, in FileStat stat)
    {
        const int owner = 0x1c0;
        if ((stat.Mode & owner) != owner)
            folder.SetMode(path, owner);
        using var below = folder.OpenFolder(path);
        var listing = below.List();
        for (var i = 0; i < listing.Count; i++)
            try
            {
                var name = EntryPath.From(listing[i]);
                var child = below.StatName(listing.NulTerminated(i));
                if (child.Type == EntryType.Folder)
                    DeleteFolder(below, name, child);
                else
                    below.Remove(name);
            }
            catch (FileSystemException e) when (e.Error == Errno.NotFound)
            {
                // It went by itself, as FUSE's further names of removed files do.
            }
    }

    private sealed class Level(IFolderReader folder, EntryPath path)
    {
        public IFolderReader Folder => folder;
        public EntryPath Path => path;
        public FolderListing Listing { get; } = folder.List();
        public int Next { get; set; }
    }
}
