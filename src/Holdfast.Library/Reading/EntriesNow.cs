using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library.Reading;

/// <summary>What lies in a library, as entries. A file carries its content id when nothing says that it was touched since it was hashed.</summary>
internal sealed class EntriesNow(IFolder place, LibraryIndex index)
{
    private const int MostChildren = 500, MostFiles = 1000;

    private readonly bool _stable = place.Traits.StableIdentity;
    private readonly Owners _owners = new();

    public Entry Of(EntryPath path, FileStat stat) => PlaceEntry.Of(place, path, path, stat, _owners) with
    {
        Content = stat.Type == EntryType.File && index.FileAt(path) is { } file && file.IsUntouched(stat, _stable) ? file.Content : null,
    };

    private Entry Of(IndexedFile file, FileStat stat) => PlaceEntry.Of(place, file.Path, file.Path, stat, _owners) with
    {
        Content = file.IsUntouched(stat, _stable) ? file.Content : null,
    };

    /// <summary>
    /// A page of what lies in a folder itself, in path order: its files, and its folders as their first file shows them. What
    /// lies below those is passed over, however much it is.
    /// </summary>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) Children(EntryPath folder, EntryPath? after)
    {
        var found = new List<Entry>();
        var from = after is { } last ? Behind(last) : folder;
        while (index.FilesFrom(from) is { Count: > 0 } page)
            foreach (var file in page)
            {
                if (!file.Path.IsAtOrUnder(folder))
                    return (found, null);
                from = Behind(file.Path);
                if (file.Path == folder)
                    continue;
                var child = ChildOf(folder, file.Path);
                if (child == file.Path && place.TryStat(child) is { Type: EntryType.File } stat)
                    found.Add(Of(file, stat));
                if (child != file.Path)
                {
                    found.Add(new Entry { Path = child, Type = EntryType.Folder, Mode = LibraryLayout.FolderMode, Modified = file.Modified });
                    from = Behind(child);
                }
                if (found.Count >= MostChildren)
                    return (found, child);
                if (child != file.Path)
                    break;
            }
        return (found, null);
    }

    /// <summary>The first path that is neither this one nor below it.</summary>
    internal static EntryPath Behind(EntryPath path) => path.Parent.Child([.. path.Name, 1]);

    private static EntryPath ChildOf(EntryPath folder, EntryPath path)
    {
        while (path.Parent != folder)
            path = path.Parent;
        return path;
    }

    /// <summary>
    /// A page of the files at or below a path, in path order, from after a path on: those that the index knows, looked at now.
    /// It may hold fewer than there are, and even none, while <c>Last</c> says where the next page begins; null at the end.
    /// </summary>
    /// <param name="under">Where.</param>
    /// <param name="after">The last path of the page before.</param>
    /// <param name="search">Only paths with this in them; null for all.</param>
    /// <param name="withUnknown">Also those that lie on a file system that is not mounted now, without a content.</param>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) Page(EntryPath under, EntryPath? after, string? search, bool withUnknown = false)
    {
        var found = new List<Entry>();
        if (after is null && !under.IsRoot && search is null && index.FileAt(under) is not null && place.TryStat(under) is { Type: EntryType.File } itself)
            found.Add(Of(under, itself));
        var from = after ?? (under.IsRoot ? null : (EntryPath?)under);
        var (page, next) = search is null ? PageAfter(from) : index.FilesNamed(LibraryName.Fold(search), from);
        foreach (var file in page)
        {
            if (!file.Path.IsAtOrUnder(under))
                return (found, null);
            if (place.TryStat(file.Path) is { Type: EntryType.File } stat)
                found.Add(Of(file, stat));
            else if (withUnknown && index.MountAbove(file.Path) != file.Mount)
                found.Add(new Entry { Path = file.Path, Type = EntryType.File, Mode = LibraryLayout.FileMode, Size = file.Size, Modified = file.Modified });
        }
        return (found, next);
    }

    private (IReadOnlyList<IndexedFile> Files, EntryPath? Last) PageAfter(EntryPath? from)
    {
        var page = index.FilesAfter(from, MostFiles);
        return (page, page.Count < MostFiles ? null : page[^1].Path);
    }
}
