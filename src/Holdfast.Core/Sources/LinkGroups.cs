using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources;

/// <summary>Finds out which paths of a walk are names of one file. Remembers a group only until all its names were seen.</summary>
internal sealed class LinkGroups
{
    // With the birth time: of a group that lies partly outside the source never all names are seen, and its inode may be given again meanwhile.
    private readonly Dictionary<(ulong Device, ulong Inode, Timestamp? Born), (EntryPath First, uint Left)> _open = [];

    /// <summary>The group's first path in this walk (the path itself when it is the first); null for a file with one name.</summary>
    public EntryPath? FirstOf(in FileStat stat, EntryPath path)
    {
        if (stat.Type == EntryType.Folder || stat.Links < 2)
            return null;
        var key = (stat.Device, stat.Inode, stat.Born);
        if (!_open.TryGetValue(key, out var group))
        {
            _open.Add(key, (path, stat.Links - 1));
            return path;
        }
        if (group.Left <= 1)
            _open.Remove(key);
        else
            _open[key] = (group.First, group.Left - 1);
        return group.First;
    }
}
