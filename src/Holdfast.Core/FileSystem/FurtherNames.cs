using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>
/// Gives files further names. A file that has as many as its file system allows is copied, and the copy gets the names that
/// follow: the names of one file of a source may then be those of several files of a place. Where there are no hard links at
/// all, every name is a copy.
/// </summary>
/// <param name="hardLinks">False where there are none.</param>
public sealed class FurtherNames(bool hardLinks = true)
{
    private readonly Lock _linking = new();
    private readonly Dictionary<ulong, (IFolder Folder, EntryPath Path)> _copies = [];

    /// <summary>Says where a copy of a full file lies already.</summary>
    public void Knows(ulong inode, IFolder folder, EntryPath path)
    {
        lock (_linking)
            _copies[inode] = (folder, path);
    }

    /// <summary>Gives the file at <paramref name="path"/>, or a copy of it, a name in <paramref name="toFolder"/>. From several threads.</summary>
    /// <exception cref="FileSystemException">As of <see cref="IFolder.Link"/>, but never that there are too many links.</exception>
    public void Add(IFolder folder, EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        if (!hardLinks)
        {
            FileCopy.Make(folder, path, toFolder, toPath);
            return;
        }
        try
        {
            folder.Link(path, toFolder, toPath);
        }
        catch (FileSystemException e) when (e.Error == Errno.TooManyLinks)
        {
            lock (_linking)
                AddToCopy(folder, path, toFolder, toPath);
        }
    }

    private void AddToCopy(IFolder folder, EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        var stat = folder.Stat(path);
        if (_copies.TryGetValue(stat.Inode, out var copy) && TryLink(copy.Folder, copy.Path, stat, toFolder, toPath))
            return;
        FileCopy.Make(folder, path, toFolder, toPath);
        _copies[stat.Inode] = (toFolder, toPath);
    }

    /// <summary>False when the copy is full too, or is no longer what it was.</summary>
    private static bool TryLink(IFolder folder, EntryPath path, in FileStat original, IFolder toFolder, EntryPath toPath)
    {
        if (folder.TryStat(path) is not { } stat || stat.Type != original.Type || stat.Size != original.Size || stat.Modified != original.Modified)
            return false;
        try
        {
            folder.Link(path, toFolder, toPath);
            return true;
        }
        catch (FileSystemException e) when (e.Error == Errno.TooManyLinks)
        {
            return false;
        }
    }
}
