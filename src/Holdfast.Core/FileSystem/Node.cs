using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>Makes entries that have no bytes: symlinks and special files.</summary>
public static class Node
{
    /// <summary>Makes the node an entry describes; its metadata is set afterwards.</summary>
    public static void Create(IFolder folder, EntryPath path, Entry entry)
    {
        if (entry.Type == EntryType.Symlink)
            folder.CreateSymlink(path, entry.LinkTarget);
        else
            folder.CreateSpecial(path, entry.Type, 0x180, entry.Device ?? default);
    }
}
