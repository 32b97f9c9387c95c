using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>What an increment holds under track/ or deleted/.</summary>
internal static class HeldFile
{
    /// <summary>Removes a file, and the folders that hold nothing else: a file may have to take their place. Nothing happens when it is gone already.</summary>
    public static void Drop(IFolder place, EntryPath path, EntryPath below)
    {
        var file = path.Under(below);
        if (place.TryStat(file) is { Type: not EntryType.Folder })
            place.Remove(file);
        try
        {
            for (var folder = file.Parent; folder.IsUnder(below) && place.TryStat(folder) is not null; folder = folder.Parent)
                place.RemoveFolder(folder);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotEmpty or Errno.Exists or Errno.NotAFolder)
        {
            // It holds more.
        }
    }
}
