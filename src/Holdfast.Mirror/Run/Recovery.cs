using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Run;

/// <summary>
/// What a crash leaves behind, and what becomes of it. Everything before the last rename of a run is garbage that nobody
/// reads: unfinished increments and staged objects. mirror/ itself may be between two
/// states: the record says what is true, and the next run compares with it.
/// </summary>
internal static class Recovery
{
    /// <returns>What the next run may take over instead of copying it again.</returns>
    public static Leftovers Run(IFolder place, IReadOnlyList<Increment> increments)
    {
        RemoveUnfinishedIncrements(place);
        if (increments.Count == 0 && place.TryStat(MirrorLayout.Mirror) is not null)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"'{place.Display}' holds a mirror but no history: the folder 'increments' was emptied or removed.",
                "Put it back, or rename 'mirror' to keep it and run again for a new beginning. Nothing was changed.");

        var leftovers = SmallFile.TryRead(place, Progress.FilePath) is { Length: > 0 } progress ? Keep(place, progress) : Leftovers.None;
        if (leftovers.Count == 0)
            FolderTree.Delete(place, MirrorLayout.Leftovers);
        FolderTree.Delete(place, MirrorLayout.NewMirror);
        FolderTree.Delete(place, MirrorLayout.Staging);
        FolderTree.Delete(place, Progress.FilePath);
        return leftovers;
    }

    private static Leftovers Keep(IFolder place, byte[] progress)
    {
        var source = new[] { MirrorLayout.NewMirror, MirrorLayout.Staging }.FirstOrDefault(p => place.TryStat(p) is not null);
        if (source.IsRoot)
            return Leftovers.None;
        FolderTree.Delete(place, MirrorLayout.Leftovers);
        place.Rename(source, place, MirrorLayout.Leftovers, replace: false);
        return Leftovers.Read(place, progress);
    }

    /// <summary>
    /// A first run that was cut off between its last two renames: mirror/ has its name, the increment has not. All of it is
    /// durable, so the run is completed.
    /// </summary>
    public static bool CompleteFirstCommit(IFolder place)
    {
        if (place.TryStat(MirrorLayout.Mirror) is null || place.TryStat(MirrorLayout.Increments) is null)
            return false;
        using var folder = place.OpenFolder(MirrorLayout.Increments);
        var listing = folder.List();
        if (listing.Count != 1 || !listing[0].EndsWith(".tmp"u8) || MirrorLayout.NumberOf(listing[0][..^4]) is null)
            return false;
        var temporary = EntryPath.From(listing[0]);
        if (folder.TryStat(temporary.Child(MirrorLayout.Description.Bytes)) is null)
            return false;
        folder.Rename(temporary, folder, EntryPath.From(listing[0][..^4]), replace: false);
        folder.SyncFolder(EntryPath.Root);
        return true;
    }

    /// <summary>After a commit nothing is left to go back to.</summary>
    public static void CleanUp(IFolder place)
    {
        FolderTree.Delete(place, MirrorLayout.Staging);
        FolderTree.Delete(place, MirrorLayout.Undo);
        FolderTree.Delete(place, MirrorLayout.Leftovers);
        FolderTree.Delete(place, Progress.FilePath);
    }

    private static void RemoveUnfinishedIncrements(IFolder place)
    {
        if (place.TryStat(MirrorLayout.Increments) is null)
            return;
        using var folder = place.OpenFolder(MirrorLayout.Increments);
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
            if (listing[i].EndsWith(".tmp"u8))
                FolderTree.Delete(folder, EntryPath.From(listing[i]));
    }
}
