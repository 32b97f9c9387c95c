using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;

namespace Holdfast.Volumes.Reading;

/// <summary>What the volumes that are there cannot give back.</summary>
internal static class Missing
{
    public static IEnumerable<CheckFinding> Of(VolumeDatabase database)
    {
        foreach (var lost in database.Lost())
            if (lost.Entry.Type != EntryType.Socket)
                yield return new CheckFinding(
                    lost.Entry.Path.ToString(),
                    database.LostIn(lost.Id) is { } volume ? $"only the volume {volume} held it, which is not there" : "no volume holds it",
                    "Put the volume back, or run a backup: it is saved again if the source still has it.");
    }
}
