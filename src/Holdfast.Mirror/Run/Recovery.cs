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
    public static void Run(IFolder place, IReadOnlyList<Increment> increments)
    {
        RemoveUnfinishedIncrements(place);
        if (increments.Count == 0 && place.TryStat(MirrorLayout.Mirror) is not null)
            FolderTree.Delete(place, MirrorLayout.Mirror);
        FolderTree.Delete(place, MirrorLayout.NewMirror);
        FolderTree.Delete(place, MirrorLayout.Staging);
    }

    /// <summary>After a commit nothing is left to go back to.</summary>
    public static void CleanUp(IFolder place)
    {
        FolderTree.Delete(place, MirrorLayout.Staging);
        FolderTree.Delete(place, MirrorLayout.Undo);
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
