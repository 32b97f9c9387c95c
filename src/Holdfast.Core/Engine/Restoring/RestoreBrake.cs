using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Promise 7 for a restore that deletes: it stops before anything was touched when it would remove too much.</summary>
internal static class RestoreBrake
{
    /// <exception cref="HoldfastException">Too many, with the way on.</exception>
    public static void Check(RestoreCounters rehearsal, double maxShare)
    {
        const string wayOn = "Nothing was changed. If this is meant, run again with --allow-deletions.";
        var restored = rehearsal.Files;
        if (restored == 0 && rehearsal.Removed > 0)
            throw new HoldfastException(ErrorKind.Failed, $"stopped: there is nothing to restore, but {rehearsal.Removed:N0} files would be removed.", wayOn);
        if (rehearsal.Removed < DeletionBrake.AlwaysAllowed || rehearsal.Removed <= rehearsal.Present * maxShare)
            return;
        throw new HoldfastException(
            ErrorKind.Failed,
            $"stopped: {rehearsal.Removed:N0} of {rehearsal.Present:N0} files would be removed, which is more than {maxShare:P0} (max_delete).",
            wayOn);
    }
}
