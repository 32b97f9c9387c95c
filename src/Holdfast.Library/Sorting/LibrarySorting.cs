using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library.Sorting;

/// <summary>What people do to the files of a library by its own means, instead of behind its back: nothing needs to be hashed again.</summary>
internal sealed class LibrarySorting(IFolder place, LibraryIndex index, LibraryRecord record, Contents contents, TimeProvider time)
{
    private readonly bool _stable = place.Traits.StableIdentity;

    /// <summary>Moves a file or a folder with everything in it. Nothing is ever replaced.</summary>
    /// <exception cref="HoldfastException">One of the paths can be none of a file of the collection.</exception>
    public Sorted Move(EntryPath from, EntryPath to)
    {
        RequireTheirs(from);
        RequireTheirs(to);
        if (to.IsAtOrUnder(from) || LibraryName.Map(to) != to)
            throw new HoldfastException(ErrorKind.Usage, $"'{from}' cannot be moved to '{to}'.", to.IsAtOrUnder(from) ? "A folder does not go into itself." : $"Some systems cannot hold that name; '{LibraryName.Map(to)}' would do.");
        if (At(from) is not { Type: EntryType.File or EntryType.Folder })
            return Sorted.NotThere;
        if (IsTaken(from, to))
            return Sorted.Taken;
        var known = Untouched(from);
        try
        {
            FolderTree.Ensure(place, to.Parent, LibraryLayout.FolderMode);
            place.Rename(from, place, to, replace: false);
        }
        catch (FileSystemException e) when (e.Error is Errno.Exists or Errno.NotAFolder)
        {
            return Sorted.Taken;
        }
        catch (FileSystemException e) when (e.Error is Errno.OtherFileSystem)
        {
            throw new HoldfastException(ErrorKind.Usage, $"'{from}' cannot be moved to '{to}': another disk is mounted there.", "Copy it and remove it here; the library sees that by itself.", e);
        }
        place.Barrier();
        Follow(from, to, known);
        return Sorted.Done;
    }

    /// <summary>Removes a file, or a folder that is empty.</summary>
    /// <param name="path">Which.</param>
    /// <param name="expected">What the file must hold; null for whatever it holds.</param>
    /// <param name="forGood">True when its contents are not wanted again, unless another file has them.</param>
    /// <exception cref="HoldfastException">The path can be none of a file of the collection.</exception>
    public Sorted Remove(EntryPath path, ContentId? expected, bool forGood)
    {
        RequireTheirs(path);
        if (At(path) is not { Type: EntryType.File or EntryType.Folder } stat)
            return Sorted.NotThere;
        if (stat.Type == EntryType.Folder)
            return RemoveFolder(path);
        var held = expected is null && !forGood ? null : ContentAt(path, stat);
        if (expected is not null && held != expected)
            return Sorted.OtherContents;
        // Invariant: the decision is durable before the file goes.
        if (forGood && stat.Size > 0 && held is { } content && !contents.HasOther(content, path))
            record.Decide([new DecisionLine(time.GetUtcNow(), Decision.Deleted, content, path)]);
        var known = index.FileAt(path);
        place.Remove(path);
        place.SyncFolder(path.Parent);
        index.Remove(path);
        if (known is not null && index.HasOtherFile(known, _stable))
            record.Doubt([known.Content], time.GetUtcNow());
        return Sorted.Done;
    }

    private Sorted RemoveFolder(EntryPath path)
    {
        using (var folder = place.OpenFolder(path))
            if (folder.List().Count > 0)
                return Sorted.NotEmpty;
        place.RemoveFolder(path);
        place.SyncFolder(path.Parent);
        return Sorted.Done;
    }

    private ContentId? ContentAt(EntryPath path, in FileStat stat) =>
        index.FileAt(path) is { } file && file.IsUntouched(stat, _stable) ? file.Content : contents.Hash(path, stat)?.Content;

    /// <summary>Files at or below a path that are as they were hashed; all others the next scan reads.</summary>
    private List<IndexedFile> Untouched(EntryPath at)
    {
        var known = new List<IndexedFile>();
        EntryPath? after = null;
        for (var page = index.FilesFrom(at); page.Count > 0; page = index.FilesAfter(after))
            foreach (var file in page)
            {
                if (!file.Path.IsAtOrUnder(at))
                    return known;
                after = file.Path;
                if (place.TryStat(file.Path) is { } stat && file.IsUntouched(stat, _stable))
                    known.Add(file);
            }
        return known;
    }

    private void Follow(EntryPath from, EntryPath to, List<IndexedFile> known)
    {
        index.Together(() =>
        {
            foreach (var file in known)
            {
                index.Remove(file.Path);
                var path = file.Path == from ? to : EntryPath.From(file.Path.Bytes[(from.Bytes.Length + 1)..]).Under(to);
                if (place.TryStat(path) is { } now && now.Size == file.Size && now.Modified == file.Modified)
                    index.Put(IndexedFile.Of(path, file.Content, now));
            }
        });
    }

    private bool IsTaken(EntryPath from, EntryPath to)
    {
        for (var folder = to.Parent; !folder.IsRoot; folder = folder.Parent)
            if (place.TryStat(folder) is { Type: not EntryType.Folder })
                return true; // A file, or a symlink that may lead out of the library.
        var folded = LibraryName.Fold(to);
        return place.TryStat(to) is not null || (index.HasFolded(folded) && folded != LibraryName.Fold(from));
    }

    /// <summary>What lies at a path; nothing behind a symlink does.</summary>
    private FileStat? At(EntryPath path)
    {
        for (var folder = path.Parent; !folder.IsRoot; folder = folder.Parent)
            if (place.TryStat(folder) is not { Type: EntryType.Folder })
                return null;
        return place.TryStat(path);
    }

    private static void RequireTheirs(EntryPath path)
    {
        if (path.IsRoot || LibraryLayout.IsOurs(path))
            throw new HoldfastException(ErrorKind.Usage, $"'{path}' is no file of the collection.", "Name one of its files or folders.");
    }
}
