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
    private static ReadOnlySpan<byte> Suffix => ".tmp"u8;

    /// <summary>Tidies up before a run.</summary>
    public static Recovered Run(IFolder place, IReadOnlyList<Increment> increments, Remarks remarks)
    {
        if (increments.Count == 0 && place.TryStat(MirrorLayout.Mirror) is not null)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"'{place.Display}/{MirrorLayout.Mirror}' holds files, but there is no increment that describes them.",
                "Put 'increments' back, or move 'mirror' away yourself and run again: everything is copied anew then.");
        var wasInterrupted = RemoveUnfinishedIncrements(place, remarks);
        RemoveOldUndo(place, increments);
        FolderTree.Delete(place, MirrorLayout.Repair);

        if (place.TryStat(Progress.FilePath) is not null)
            KeepCopied(place);
        FolderTree.Delete(place, MirrorLayout.NewMirror);
        FolderTree.Delete(place, MirrorLayout.Staging);
        FolderTree.Delete(place, Progress.FilePath);
        return new Recovered(Leftovers.Read(place), wasInterrupted);
    }

    /// <summary>Sets aside what an interrupted run had copied, together with its notes, until a run commits.</summary>
    private static void KeepCopied(IFolder place)
    {
        var copied = new[] { MirrorLayout.NewMirror, MirrorLayout.Staging }.FirstOrDefault(p => place.TryStat(p) is not null);
        if (copied.IsRoot)
            return;
        var kept = Leftovers.NextFolder(place);
        try
        {
            FolderTree.Ensure(place, kept, MirrorLayout.FolderMode);
        }
        catch (FileSystemException e) when (e.IsNoSpace)
        {
            return; // Not even the folder has room: what was copied goes.
        }
        place.Rename(copied, place, kept.Child(Leftovers.Tree.Bytes), replace: false);
        place.Rename(Progress.FilePath, place, kept.Child(Leftovers.NotesFile.Bytes), replace: false);
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
        if (listing.Count != 1 || !listing[0].EndsWith(".tmp"u8) || MirrorLayout.NumberOf(listing[0][..^4]) != 1)
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

    private static bool RemoveUnfinishedIncrements(IFolder place, Remarks remarks)
    {
        var any = false;
        foreach (var name in Unfinished(place))
        {
            any = true;
            var increment = MirrorLayout.Increments.Child(name);
            RescueLastNames(place, increment, name, remarks);
            FolderTree.Delete(place, increment);
        }
        return any;
    }

    /// <summary>
    /// What somebody had put or edited in mirror/ may have its last name in the unfinished increment that was to keep it: it is
    /// nobody's garbage. Everything else there has another name in an older increment.
    /// </summary>
    private static void RescueLastNames(IFolder place, EntryPath increment, byte[] name, Remarks remarks)
    {
        var deleted = increment.Child(MirrorLayout.Deleted.Bytes);
        if (place.TryStat(deleted) is not { Type: EntryType.Folder })
            return;
        using var folder = place.OpenFolder(deleted);
        var last = FolderTree.Walk(folder).Where(e => e.Stat is { Type: not EntryType.Folder, Links: 1 }).Select(e => e.Path).ToList();
        foreach (var path in last)
        {
            var rescued = path.Under(MirrorLayout.Rescued.Child(name));
            FolderTree.Ensure(place, rescued.Parent, MirrorLayout.FolderMode);
            folder.Rename(path, place, rescued, replace: true);
            remarks.Add($"an interrupted run had set aside {{0}} files of mirror/ that did not come from the source; they lie in {MirrorLayout.Rescued} now, for you to look at and remove");
        }
    }

    private static void RemoveOldUndo(IFolder place, IReadOnlyList<Increment> increments)
    {
        if (place.TryStat(MirrorLayout.Undo) is null)
            return;
        using var folder = place.OpenFolder(MirrorLayout.Undo);
        var current = increments.Count == 0 ? MirrorLayout.Undo : MirrorLayout.UndoOf(increments[^1].Number);
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
            if (!listing[i].SequenceEqual(current.Name))
                FolderTree.Delete(folder, EntryPath.From(listing[i]));
    }

    private static IEnumerable<byte[]> Unfinished(IFolder place)
    {
        if (place.TryStat(MirrorLayout.Increments) is null)
            return [];
        using var folder = place.OpenFolder(MirrorLayout.Increments);
        var listing = folder.List();
        return [.. Enumerable.Range(0, listing.Count).Select(i => listing[i].ToArray()).Where(name => name.AsSpan().EndsWith(Suffix))];
    }
}
