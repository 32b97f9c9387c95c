using System.Globalization;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;

namespace Holdfast.Volumes.Reading;

/// <summary>What the volumes that are there cannot give back.</summary>
internal static class Missing
{
    public static IEnumerable<CheckFinding> Of(VolumeDatabase database, DateTimeOffset goneBefore)
    {
        foreach (var lost in database.Lost(goneBefore))
            if (lost.Entry.Type != EntryType.Socket)
                yield return new CheckFinding(
                    lost.Entry.Path.ToString(),
                    database.LostIn(lost.Id) is { } volume ? $"only the volume {volume} held it, which is not there" : "no volume holds it",
                    lost.Gone is { } gone
                        ? $"Put the volume back. The source has it no more since {gone.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}."
                        : "Put the volume back, or run a backup: it is saved again if the source still has it.");
    }
}
