using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// Carries an intent out. Every step may be done again, so a merge that was cut off anywhere is completed by doing all of it
/// once more. What holds at each moment stands in docs/formats/mirror-forgetting.md.
/// </summary>
internal static class Merge
{
    /// <summary>Completes what a crash left undone. The place is locked.</summary>
    public static void Recover(IFolder place, FileSystemTraits traits)
    {
        if (MergeIntent.TryRead(place) is { } intent)
            Complete(place, traits, intent);
        else
            FolderTree.Delete(place, MergeIntent.Plan);
    }

    /// <summary>Does all that is left to do.</summary>
    public static void Complete(IFolder place, FileSystemTraits traits, MergeIntent intent)
    {
        if (!intent.Moved)
        {
            TakeAside(place, intent);
            MoveContents(place, traits, intent);
            // Invariant: every content lies in the base's folder for good before readers look nowhere else.
            place.Barrier();
            intent = intent with { Moved = true };
            intent.Write(place);
        }
        NameBase(place, intent);
        Forgotten.Add(place, intent.Members.SkipLast(1));
        foreach (var id in intent.Members.Where(id => id != intent.Base))
            ManyFolders.Delete(place, MirrorLayout.MergingFolder(id));
        // Invariant: the merged increment has its name for good before the intent goes, which is what hides the rest.
        place.Barrier();
        place.Remove(MergeIntent.File);
        place.SyncFolder(MirrorLayout.Intents);
        FolderTree.Delete(place, MergeIntent.Plan);
    }

    /// <summary>The members lose their names before anything in them changes, so that who listed them earlier finds nothing rather than something else.</summary>
    private static void TakeAside(IFolder place, MergeIntent intent)
    {
        foreach (var id in intent.Members)
            if (place.TryStat(MirrorLayout.IncrementFolder(id)) is not null)
                place.Rename(MirrorLayout.IncrementFolder(id), place, MirrorLayout.MergingFolder(id), replace: false);
        place.SyncFolder(MirrorLayout.Increments);
    }

    private static void MoveContents(IFolder place, FileSystemTraits traits, MergeIntent intent)
    {
        var survivor = MirrorLayout.MergingFolder(intent.Survivor);
        HeldFile.Drop(place, Steps(place, MergeStepKind.Drop), ContentMoves.TrackOf(intent.Base));
        HeldFile.Drop(place, Steps(place, MergeStepKind.DropDeleted), survivor.Child(MirrorLayout.Deleted.Bytes));
        new ContentMoves(place, traits, intent).Run();
        if (intent.Base != intent.Survivor)
            TakeDeleted(place, intent, survivor);
    }

    private static IEnumerable<EntryPath> Steps(IFolder place, MergeStepKind kind) =>
        MergeStep.Read(place, MergePlan.Steps).Where(step => step.Kind == kind).Select(step => step.Path);

    /// <summary>deleted/ is that of the increment that stays.</summary>
    private static void TakeDeleted(IFolder place, MergeIntent intent, EntryPath survivor)
    {
        var from = survivor.Child(MirrorLayout.Deleted.Bytes);
        var to = MirrorLayout.MergingFolder(intent.Base).Child(MirrorLayout.Deleted.Bytes);
        var isThere = place.TryStat(from) is not null;
        if (isThere || !intent.HasDeleted)
            FolderTree.Delete(place, to);
        if (isThere)
            place.Rename(from, place, to, replace: false);
    }

    /// <summary>The base gets the merged record and the name of the increment that stays.</summary>
    private static void NameBase(IFolder place, MergeIntent intent)
    {
        var (work, final) = (MirrorLayout.MergingFolder(intent.Base), MirrorLayout.IncrementFolder(intent.Survivor));
        var folder = place.TryStat(work) is not null ? work : final;
        foreach (var file in new[] { MirrorLayout.Entries, MirrorLayout.Description })
            if (MergeIntent.Plan.Child(file.Bytes) is var planned && place.TryStat(planned) is not null)
                place.Rename(planned, place, folder.Child(file.Bytes), replace: true);
        place.SyncFolder(folder);
        if (folder == work)
            place.Rename(work, place, final, replace: false);
        place.SyncFolder(MirrorLayout.Increments);
    }
}
