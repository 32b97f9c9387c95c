using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Safe;

/// <summary>
/// Deletes a file that was found safe, if nothing changed meanwhile: the folders on the way to it are opened again one by one
/// and none may be a symlink, the file must be the same and give the same hash, and the copy must still be there.
/// </summary>
public sealed class SafeDeletion(SafeCheck check)
{
    /// <summary>Deletes it, or says why not.</summary>
    /// <param name="verdict">A safe one.</param>
    /// <param name="aboutToDelete">Called when everything agrees, right before the file is removed: writes it down.</param>
    /// <returns>Why it was left alone; null when it is deleted.</returns>
    public string? Delete(FileVerdict verdict, Action<FileVerdict> aboutToDelete)
    {
        if (verdict is not { IsSafe: true, File: { } file })
            throw new ArgumentException("Only what is safe is deleted.", nameof(verdict));
        try
        {
            using var folder = FolderOf(file.Item);
            var name = EntryPath.From(file.Item.Path.Name);
            var (stat, content) = LocalFile.Read(folder, name);
            if (!stat.SameContentsAs(file.Stat) || content != file.Content)
                return "it changed since it was looked at";
            if (check.Look(file, verdict.Copies[0]).Problem is { } problem)
                return $"its copy does not count any more: {problem}";
            aboutToDelete(verdict);
            // The name must still be that file's: somebody may have put another one in its place.
            if (folder.TryStat(name) is not { } now || !now.SameContentsAs(stat))
                return "it changed since it was looked at";
            folder.Remove(name);
            return null;
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException)
        {
            return e.Message;
        }
    }

    private static IFolder FolderOf(LocalItem item) => Descend(item.Tree.Folder, item.Path.Parent);

    /// <summary>Opens a folder one name at a time, so that a symlink on the way is an error.</summary>
    private static IFolder Descend(IFolder top, EntryPath path)
    {
        if (path.IsRoot)
            return top.OpenFolder(EntryPath.Root);
        using var above = Descend(top, path.Parent);
        return above.OpenFolder(EntryPath.From(path.Name));
    }
}
