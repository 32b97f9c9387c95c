using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror;

/// <summary>
/// Tries out what a file system can do, where its name does not tell: FUSE and network mounts hide what lies behind them. The
/// place is locked.
/// </summary>
internal static class PlaceTrial
{
    private static readonly EntryPath Folder = PlaceMarker.Folder.Child("trial"u8);

    /// <summary>The traits with what turned out to be missing.</summary>
    /// <exception cref="HoldfastException">The file system would lose what it is given.</exception>
    public static FileSystemTraits Run(IFolder place, FileSystemTraits traits)
    {
        // One that takes any name is known by its own name.
        if (traits.AnyNames)
            return traits;
        FolderTree.Delete(place, Folder);
        FolderTree.Ensure(place, Folder, MirrorLayout.FolderMode);
        try
        {
            var file = Folder.Child("file"u8);
            place.CreateFile(file, MirrorLayout.FileMode).Dispose();
            RequireRenamedFoldersWhole(place);
            return traits with
            {
                HardLinks = traits.HardLinks && Can(() => place.Link(file, place, Folder.Child("link"u8))),
                Symlinks = traits.Symlinks && Can(() => place.CreateSymlink(Folder.Child("symlink"u8), "target"u8)),
                Specials = traits.Specials && Can(() => place.CreateSpecial(Folder.Child("fifo"u8), EntryType.Fifo, MirrorLayout.FileMode, default)),
                Owners = traits.Owners && KeepsMode(place, file),
            };
        }
        finally
        {
            FolderTree.Delete(place, Folder);
        }
    }

    /// <summary>A mirror gets its name by one rename of a folder; fusefat 0.1a loses what lies in it.</summary>
    private static void RequireRenamedFoldersWhole(IFolder place)
    {
        EntryPath before = Folder.Child("before"u8), after = Folder.Child("after"u8);
        place.CreateFolder(before, MirrorLayout.FolderMode);
        place.CreateFile(before.Child("file"u8), MirrorLayout.FileMode).Dispose();
        place.Rename(before, place, after, replace: false);
        using var renamed = place.OpenFolder(after); // What was looked at before the rename the kernel would tell from memory.
        if (renamed.List().Count == 0)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"the file system of '{place.Display}' loses what lies in a folder when that is renamed, so nothing is kept there.",
                "Mount the disk with another driver (FAT: the kernel's vfat, not fusefat), or choose another disk.");
    }

    private static bool KeepsMode(IFolder place, EntryPath file)
    {
        foreach (var mode in new[] { 0x180, 0x1c9 })
            if (!Can(() => place.SetMode(file, mode)) || place.Stat(file).Mode != mode)
                return false;
        return true;
    }

    private static bool Can(Action what)
    {
        try
        {
            what();
            return true;
        }
        catch (FileSystemException e) when (e.Error == Errno.InputOutput)
        {
            return false; // exfat-fuse says so of a FIFO; the file beside it could be made.
        }
        catch (FileSystemException e) when (e.Error is Errno.NotPermitted or Errno.NotSupported or Errno.NotImplemented or Errno.InvalidArgument or Errno.AccessDenied or Errno.TooManyLinks)
        {
            return false;
        }
    }
}
