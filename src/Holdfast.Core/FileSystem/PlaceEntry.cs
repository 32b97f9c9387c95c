using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>What lies in a place, as an entry: everything a look at it tells, without its contents and extended attributes.</summary>
public static class PlaceEntry
{
    /// <summary>The entry.</summary>
    /// <param name="place">The place.</param>
    /// <param name="at">Where it lies there.</param>
    /// <param name="path">The path the entry is to have.</param>
    /// <param name="stat">The look at it.</param>
    /// <param name="owners">Names of owners.</param>
    /// <exception cref="FileSystemException">A symlink cannot be read.</exception>
    public static Entry Of(IFolderReader place, EntryPath at, EntryPath path, in FileStat stat, Owners owners) => new()
    {
        Path = path,
        Type = stat.Type,
        Size = stat.Type == EntryType.File ? stat.Size : 0,
        Modified = stat.Modified,
        Mode = stat.Mode,
        UserId = stat.UserId,
        GroupId = stat.GroupId,
        User = owners.UserName(stat.UserId),
        Group = owners.GroupName(stat.GroupId),
        LinkTarget = stat.Type == EntryType.Symlink ? place.ReadSymlink(at) : null,
        Device = stat.Type is EntryType.CharDevice or EntryType.BlockDevice ? stat.Special : null,
        IsSparse = stat.IsSparse,
    };
}
