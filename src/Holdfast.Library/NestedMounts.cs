using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library;

/// <summary>Where other file systems are mounted in a library's folder, looked at now.</summary>
internal sealed class NestedMounts(IFolderReader place)
{
    private readonly FileStat _place = place.Stat(EntryPath.Root);

    /// <summary>
    /// How many parts of a path lead to the mount point that it lies below: 1 for <c>photos</c> and <c>photos/2026/a.jpg</c>; 0 when it lies
    /// on the file system of the library's folder. Folders that are not there count as if nothing was mounted at them.
    /// </summary>
    public int Above(EntryPath path)
    {
        FileStat? lies = null;
        var depth = 0;
        for (var folder = path.Parent; !folder.IsRoot; folder = folder.Parent)
        {
            // What lies behind a symlink is no part of the library.
            if (place.TryStat(folder) is not { Type: EntryType.Folder } stat)
                (lies, depth) = (null, 0);
            else if (lies is { } below ? IsSame(below, stat) : !IsSame(_place, stat))
                (lies, depth) = (lies ?? stat, folder.Depth);
            else if (lies is null)
                return 0;
        }
        return depth;
    }

    /// <summary>True when nothing is mounted between a folder and one in it.</summary>
    public static bool IsSame(in FileStat folder, in FileStat below) => folder.Device == below.Device && folder.Mount == below.Mount;

    /// <summary>The first parts of a path.</summary>
    public static EntryPath Part(EntryPath path, int depth)
    {
        while (path.Depth > depth)
            path = path.Parent;
        return path;
    }
}
