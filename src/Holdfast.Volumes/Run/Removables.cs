using Holdfast.Volumes.Database;

namespace Holdfast.Volumes.Run;

/// <summary>
/// Which volumes may go: those no last good copy lies in, never for their age. The copy of something gone stays until it is
/// both older than <c>keep_deleted</c>, counted from the newest run, and three later runs succeeded.
/// </summary>
internal static class Removables
{
    private const int LaterRuns = 3;

    public static IReadOnlyList<VolumeName> Of(VolumeDatabase database, TimeSpan keepDeleted)
    {
        var runs = database.Runs();
        if (runs.Count == 0)
            return [];
        // A state ends in the run that found it gone; that many runs came after it.
        var newest = runs[^1];
        return database.Removable(Before(newest.Time, keepDeleted), newest.Number - LaterRuns + 1);
    }

    private static DateTimeOffset Before(DateTimeOffset time, TimeSpan age) =>
        time - DateTimeOffset.MinValue > age ? time - age : DateTimeOffset.MinValue;
}
