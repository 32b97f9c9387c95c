using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Safe;

/// <summary>What somebody asks about: a file, or a folder with all below it. Symlinks are never followed below what was typed.</summary>
public sealed class LocalTree : IDisposable
{
    private readonly string _shown;

    private LocalTree(IFolder folder, EntryPath start, string shown)
    {
        Folder = folder;
        Start = start;
        _shown = shown;
    }

    /// <summary>What was typed, relative to <see cref="Folder"/>.</summary>
    internal EntryPath Start { get; }

    /// <summary>The folder that all paths of it are relative to.</summary>
    internal IFolder Folder { get; }

    /// <summary>Opens what an argument names.</summary>
    /// <param name="argument">The bytes that were typed.</param>
    /// <exception cref="FileSystemException">The folder that holds it cannot be opened.</exception>
    public static LocalTree Open(ReadOnlySpan<byte> argument)
    {
        var path = argument.TrimEnd((byte)'/');
        var slash = path.LastIndexOf((byte)'/');
        var name = path[(slash + 1)..];
        // What the system calls '..' is not what is left when it is struck from the text, if a symlink comes before it.
        if (name.Length == 0 || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            return new LocalTree(LocalFolders.Open(path.Length == 0 ? "/" : Text(path)), EntryPath.Root, Text(path));
        var parent = slash < 0 ? "." : slash == 0 ? "/" : Text(path[..slash]);
        return new LocalTree(LocalFolders.Open(parent), EntryPath.From(name), slash < 0 ? "" : Text(path[..slash]));
    }

    /// <summary>How people call a path of it: with what they typed in front.</summary>
    public byte[] Shown(EntryPath path) => _shown.Length == 0 && Folder.Display != "/" ? path.Bytes.ToArray()
        : path.IsRoot ? Encoding.UTF8.GetBytes(_shown.Length == 0 ? "/" : _shown)
        : [.. Encoding.UTF8.GetBytes(_shown), (byte)'/', .. path.Bytes];

    /// <summary>Every file, in path order, and what could not be looked at. Folders and other things that hold no contents are left out.</summary>
    public IEnumerable<LocalItem> Walk(CancellationToken cancellationToken)
    {
        if (Start.IsRoot)
            return Below(Folder, EntryPath.Root, cancellationToken);
        FileStat? stat;
        try
        {
            stat = Folder.TryStat(Start);
        }
        catch (FileSystemException e)
        {
            return [new LocalItem(this, Start, e.Message)];
        }
        return stat switch
        {
            null => [new LocalItem(this, Start, "there is no such file")],
            { Type: EntryType.File } => [new LocalItem(this, Start, null)],
            { Type: EntryType.Folder } => Into(Folder, Start, Start, cancellationToken),
            { Type: EntryType.Symlink } => [new LocalItem(this, Start, "it is a symbolic link, which is not followed; ask about what it points to")],
            _ => [new LocalItem(this, Start, "it is neither a file nor a folder")],
        };
    }

    /// <summary>The folders above the tree's own, up to the root, that can be opened.</summary>
    internal IEnumerable<IFolderReader> Above()
    {
        var (path, below) = (Folder.Display, Folder.Stat(EntryPath.Root));
        while (true)
        {
            path += "/..";
            FileStat stat;
            using (var above = TryOpen(path))
            {
                if (above is null)
                    yield break;
                stat = above.Stat(EntryPath.Root);
                if (stat.Inode == below.Inode && stat.Device == below.Device)
                    yield break;
                yield return above;
            }
            below = stat;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();

    private static IFolderReader? TryOpen(string path)
    {
        try
        {
            return LocalFolders.OpenForReading(path);
        }
        catch (FileSystemException)
        {
            return null; // It may be entered and not read; whoever may not read it keeps nothing in it.
        }
    }

    private IEnumerable<LocalItem> Into(IFolder above, EntryPath relative, EntryPath path, CancellationToken cancellationToken)
    {
        IFolder? below = null;
        LocalItem? failed = null;
        try
        {
            below = above.OpenFolder(relative);
        }
        catch (FileSystemException e)
        {
            failed = new LocalItem(this, path, e.Message);
        }
        if (failed is not null)
        {
            yield return failed;
            yield break;
        }
        using (below)
            foreach (var item in Below(below!, path, cancellationToken))
                yield return item;
    }

    private IEnumerable<LocalItem> Below(IFolder folder, EntryPath at, CancellationToken cancellationToken)
    {
        FolderListing? listing = null;
        LocalItem? failed = null;
        try
        {
            listing = folder.List();
        }
        catch (FileSystemException e)
        {
            failed = new LocalItem(this, at, e.Message);
        }
        if (failed is not null)
            yield return failed;
        for (var i = 0; i < (listing?.Count ?? 0); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var item in Entry(folder, listing!, i, at, cancellationToken))
                yield return item;
        }
    }

    private IEnumerable<LocalItem> Entry(IFolder folder, FolderListing listing, int index, EntryPath at, CancellationToken cancellationToken)
    {
        var path = at.Child(listing[index]);
        EntryType type;
        try
        {
            type = folder.StatName(listing.NulTerminated(index)).Type;
        }
        catch (FileSystemException e)
        {
            return [new LocalItem(this, path, e.Message)];
        }
        return type switch
        {
            EntryType.File => [new LocalItem(this, path, null)],
            EntryType.Folder => Into(folder, EntryPath.From(listing[index]), path, cancellationToken),
            _ => [],
        };
    }

    private static string Text(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path);
}
