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
    /// <returns>What the next run may take over instead of copying it again.</returns>
    public static Leftovers Run(IFolder place, IReadOnlyList<Increment> increments)
    {
        if (increments.Count == 0 && place.TryStat(MirrorLayout.Mirror) is not null)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"'{place.Display}/{MirrorLayout.Mirror}' holds files, but there is no increment that describes them.",
                "Put 'increments' back, or move 'mirror' away yourself and run again: everything is copied anew then.");
        RemoveUnfinishedIncrements(place);
        RemoveOldUndo(place, increments);

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

    private static void RemoveUnfinishedIncrements(IFolder place)
    {
        foreach (var name in Unfinished(place))
            FolderTree.Delete(place, MirrorLayout.Increments.Child(name));
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
