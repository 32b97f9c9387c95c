using Holdfast.Volumes.Database;

namespace Holdfast.Volumes.Run;

/// <summary>
/// Which volumes may go: those no last good copy lies in, never for their age. The copy of something gone stays until it is
/// both older than <c>keep_deleted</c>, counted from the newest run, and three later runs succeeded.
/// </summary>
internal static class Removables
{
    /// <summary>So many runs must have come after the one that found it gone.</summary>
    public const int LaterRuns = 3;

    public static IReadOnlyList<VolumeName> Of(VolumeDatabase database, TimeSpan keepDeleted)
    {
        // Only runs that succeeded count. A state ends in the run that found it gone; that many came after it.
        var runs = database.Runs().Where(r => !r.IsIncomplete).ToList();
        return runs.Count == 0 ? [] : database.Removable(Before(runs[^1].Time, keepDeleted), runs.Count < LaterRuns ? 0 : runs[^LaterRuns].Number);
    }

    /// <summary>Since when gone contents are still kept.</summary>
    public static DateTimeOffset GoneBefore(VolumeDatabase database, TimeSpan keepDeleted) =>
        database.Runs() is [.., var newest] ? Before(newest.Time, keepDeleted) : DateTimeOffset.MinValue;

    private static DateTimeOffset Before(DateTimeOffset time, TimeSpan age) =>
        time - DateTimeOffset.MinValue > age ? time - age : DateTimeOffset.MinValue;
}
