using Holdfast.Core.Model;

namespace Holdfast.Core.Engine;

/// <summary>
/// Promise 7: a run that would remove, or replace where no history is kept, more than a share of what a target had stops
/// before it touched anything.
/// </summary>
public static class DeletionBrake
{
    /// <summary>Fewer files than this are never too many, unless the source is empty.</summary>
    public const int AlwaysAllowed = 100;

    /// <summary>A remark when an unusual share of files is replaced, though history keeps the old ones; null otherwise.</summary>
    public static string? Warn(long known, long replaced) =>
        replaced >= AlwaysAllowed && replaced * 2 > known
            ? $"{replaced:N0} of {known:N0} files have other contents than before: if nobody changed them on purpose, look at the older snapshots"
            : null;

    /// <param name="target">For the message.</param>
    /// <param name="known">Files the target has.</param>
    /// <param name="removed">Files that would go.</param>
    /// <param name="replacedWithoutHistory">Files of which no old version would stay.</param>
    /// <param name="emptyFolder">A folder of the source of which the target has files, and which is empty now.</param>
    /// <param name="maxShare">How much may go, 0 to 1.</param>
    /// <param name="countRenamed">How many of the removed files were only renamed.</param>
    /// <exception cref="HoldfastException">Too many, with the way on.</exception>
    public static void Check(string target, long known, long removed, long replacedWithoutHistory, EntryPath? emptyFolder, double maxShare, Func<long> countRenamed)
    {
        const string wayOn = "Nothing was changed. If this is meant, run again with --allow-deletions.";
        if (emptyFolder is { } empty)
            throw new HoldfastException(
                ErrorKind.Failed,
                empty.IsRoot
                    ? $"stopped: the source is empty, but {target} holds {known:N0} files of it. Is its disk mounted?"
                    : $"stopped: '{empty}' of the source is empty, but {target} holds files of it. Is its disk mounted?",
                wayOn);
        var lost = removed + replacedWithoutHistory;
        if (lost < AlwaysAllowed || lost <= known * maxShare)
            return;
        // What was only renamed is not lost; counted now because it takes another look at the plan.
        removed -= countRenamed();
        if (removed + replacedWithoutHistory is var really && (really < AlwaysAllowed || really <= known * maxShare))
            return;
        var what = replacedWithoutHistory == 0 ? $"{removed:N0} of {known:N0} files would be removed from {target}"
            : $"{removed:N0} of {known:N0} files would be removed from {target} and {replacedWithoutHistory:N0} replaced without history";
        throw new HoldfastException(ErrorKind.Failed, $"stopped: {what}, which is more than {maxShare:P0} (max_delete).", wayOn);
    }
}
