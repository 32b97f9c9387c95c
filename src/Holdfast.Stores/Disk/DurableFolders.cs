using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Stores.Disk;

/// <summary>Makes the folders of objects, each with its name durable before the first object is put into it.</summary>
internal sealed class DurableFolders(IFolder root)
{
    private const int Mode = 0x1c0; // 0700

    private readonly ConcurrentDictionary<EntryPath, bool> _durable = [];

    /// <summary>Makes a folder and those on the way to it where missing. Returns when all their names are durable, whoever made them.</summary>
    public void Ensure(EntryPath folder)
    {
        if (folder.IsRoot)
            return;
        FolderTree.Ensure(root, folder, Mode);
        if (_durable.ContainsKey(folder))
            return;
        for (var above = folder; !above.IsRoot;)
        {
            above = above.Parent;
            root.SyncFolder(above);
        }
        _durable[folder] = true;
    }
}
