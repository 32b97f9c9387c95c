using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>What an increment holds under track/ or deleted/.</summary>
internal static class HeldFile
{
    /// <summary>
    /// Removes files, and the folders that hold nothing else: a file may have to take their place. What is gone already is passed
    /// over. In path order a folder is asked once whether it is empty, not once a file.
    /// </summary>
    /// <param name="place">The place, locked.</param>
    /// <param name="files">The files, relative to <paramref name="below"/>, in path order.</param>
    /// <param name="below">The folder that stays, whatever becomes of it.</param>
    public static void Drop(IFolder place, IEnumerable<EntryPath> files, EntryPath below)
    {
        EntryPath? last = null;
        foreach (var path in files)
        {
            var file = path.Under(below);
            if (place.TryStat(file) is { Type: not EntryType.Folder })
                place.Remove(file);
            if (last is { } folder && folder != file.Parent)
                RemoveEmpty(place, folder, below);
            last = file.Parent;
        }
        if (last is { } end)
            RemoveEmpty(place, end, below);
    }

    private static void RemoveEmpty(IFolder place, EntryPath folder, EntryPath below)
    {
        try
        {
            for (; folder.IsUnder(below) && place.TryStat(folder) is not null; folder = folder.Parent)
                place.RemoveFolder(folder);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotEmpty or Errno.Exists or Errno.NotAFolder)
        {
            // It holds more.
        }
    }
}
