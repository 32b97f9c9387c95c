using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Repairing;

/// <summary>Makes entries of a record out of what lies in a place.</summary>
internal sealed class PlaceEntries(IFolderReader place)
{
    private readonly Owners _owners = new();

    /// <param name="below">The folder of the place: mirror/, or track/ of an increment.</param>
    /// <param name="path">The path in the source.</param>
    /// <param name="stat">What lies there.</param>
    /// <param name="groups">Files of <paramref name="below"/> with several names there, by inode.</param>
    public Entry Read(EntryPath below, EntryPath path, in FileStat stat, IReadOnlyDictionary<ulong, EntryPath> groups)
    {
        var at = path.Under(below);
        return PlaceEntry.Of(place, at, path, stat, _owners) with
        {
            LinkedWith = stat.Type != EntryType.Folder && groups.TryGetValue(stat.Inode, out var first) ? first : null,
            Attributes = place.ReadAttributes(at),
            Content = stat.Type == EntryType.File ? ContentOf(at) : null,
        };
    }

    /// <summary>The first path of every file that has several names below a folder.</summary>
    public IReadOnlyDictionary<ulong, EntryPath> Groups(EntryPath below)
    {
        var seen = new Dictionary<ulong, (EntryPath First, bool HasMore)>();
        if (place.TryStat(below) is not { Type: EntryType.Folder })
            return new Dictionary<ulong, EntryPath>();
        using var folder = place.OpenFolder(below);
        foreach (var (path, stat) in FolderTree.Walk(folder))
            if (stat.Type != EntryType.Folder && stat.Links > 1)
                seen[stat.Inode] = seen.TryGetValue(stat.Inode, out var known) ? known with { HasMore = true } : (path, false);
        return seen.Where(s => s.Value.HasMore).ToDictionary(s => s.Key, s => s.Value.First);
    }

    private ContentId ContentOf(EntryPath path)
    {
        using var file = place.OpenFile(path);
        return Diagnosis.HashOf(file);
    }
}
