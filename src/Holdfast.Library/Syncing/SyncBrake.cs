using Holdfast.Core.Engine;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Promise 7 in both directions.</summary>
internal static class SyncBrake
{
    /// <exception cref="HoldfastException">Too much would go, or one of the sides is empty.</exception>
    public static void Check(string folder, string library, SyncPlan plan, long inFolder, long inLibrary, SyncOptions options)
    {
        if (options.AllowDeletions)
            return;
        Check(library, inLibrary, Removals(SyncSide.Library), sourceIsEmpty: inFolder == 0);
        if (inLibrary == 0 && Removals(SyncSide.Folder) > 0)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"stopped: {library} is empty, but '{folder}' holds {inFolder:N0} files. Is its disk mounted?",
                "Nothing was changed. If this is meant, run again with --allow-deletions.");
        Check($"'{folder}'", inFolder, Removals(SyncSide.Folder), sourceIsEmpty: false);

        long Removals(SyncSide side) => plan.Actions.Count(a => a.Side == side && a.Kind == SyncStepKind.Remove);

        void Check(string target, long known, long removed, bool sourceIsEmpty) =>
            DeletionBrake.Check(target, known, removed, 0, sourceIsEmpty && removed > 0 ? EntryPath.Root : null, options.MaxDelete, () => 0);
    }
}
