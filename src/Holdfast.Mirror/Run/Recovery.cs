using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Run;

/// <summary>
/// What a crash leaves behind, and what becomes of it. Everything before the last rename of a run is garbage that nobody
/// reads: unfinished increments, staged objects, a first mirror without an increment. mirror/ itself may be between two
/// states: the record says what is true, and the next run compares with it.
/// </summary>
internal static class Recovery
{
    private static ReadOnlySpan<byte> Suffix => ".tmp"u8;

    public static void Run(IFolder place, IReadOnlyList<Increment> increments)
    {
        if (increments.Count == 0 && place.TryStat(MirrorLayout.Mirror) is not null)
            RemoveFirstMirror(place);
        RemoveUnfinishedIncrements(place);
        RemoveOldUndo(place, increments);
        FolderTree.Delete(place, MirrorLayout.NewMirror);
        FolderTree.Delete(place, MirrorLayout.Staging);
    }

    /// <summary>After a commit nothing is left to go back to.</summary>
    public static void CleanUp(IFolder place)
    {
        FolderTree.Delete(place, MirrorLayout.Staging);
        FolderTree.Delete(place, MirrorLayout.Undo);
    }

    /// <summary>
    /// A mirror without any increment is a first run that was cut off just before its commit, which left the increment of the
    /// first run beside it. Otherwise somebody removed the increments, and the mirror may be the only copy there is.
    /// </summary>
    private static void RemoveFirstMirror(IFolder place)
    {
        if (!Unfinished(place).Any(name => MirrorLayout.NumberOf(name.AsSpan()[..^Suffix.Length]) == 1))
            throw new HoldfastException(
                ErrorKind.Failed,
                $"'{place.Display}/{MirrorLayout.Mirror}' holds files, but there is no increment that describes them.",
                "Put 'increments' back, or move 'mirror' away yourself and run again: everything is copied anew then.");
        FolderTree.Delete(place, MirrorLayout.Mirror);
        // Invariant: the unfinished increment says that the mirror may go; it must not go before it.
        place.Barrier();
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
