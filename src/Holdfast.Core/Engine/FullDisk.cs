using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine;

/// <summary>A target ran out of room: how much the run needs.</summary>
internal static class FullDisk
{
    /// <summary>True when the target failed because its disk is full.</summary>
    public static bool Is(TargetSlot slot) => slot.Failure is FileSystemException { IsNoSpace: true };

    /// <summary>The failure, with the bytes that are missing; any other failure as it is.</summary>
    public static Exception? Explain(TargetSlot slot, PlanTally tally)
    {
        if (!Is(slot))
            return slot.Failure;
        var missing = tally.BytesPlanned - tally.BytesStored;
        return new HoldfastException(
            ErrorKind.Failed,
            slot.Failure!.Message,
            missing > 0
                ? $"The new and changed files of this run have {tally.BytesPlanned:N0} bytes, and {missing:N0} of them are still to be stored: make at least that much room, and run again."
                : "All contents of this run had room; their names and records had not. Make some room ('df -i' shows whether the inodes are used up), and run again.",
            slot.Failure);
    }
}
