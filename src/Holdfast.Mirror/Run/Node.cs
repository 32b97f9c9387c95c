using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>Makes entries that have no bytes: symlinks and special files.</summary>
internal static class Node
{
    public static void Create(IFolder folder, EntryPath path, Entry entry)
    {
        if (entry.Type == EntryType.Symlink)
            folder.CreateSymlink(path, entry.LinkTarget);
        else
            folder.CreateSpecial(path, entry.Type, MirrorLayout.FileMode, entry.Device ?? default);
    }
}
