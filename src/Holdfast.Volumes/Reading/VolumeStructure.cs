using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Reading;

/// <summary>What can be said of volumes without reading them: whether they are there, in their size, and hold everything.</summary>
internal static class VolumeStructure
{
    public static IEnumerable<CheckFinding> Check(IVolumePlace place, VolumeDatabase database, DateTimeOffset goneBefore)
    {
        foreach (var volume in database.Volumes())
            if (volume.IsDamaged)
                yield return new CheckFinding(volume.Name.ToString(), "nothing can be read from it", "'holdfast repair' reads it once more: a disk may give back another time what it did not. If it stays so, replace it by a copy; 'holdfast repair' then says what is missing.");
            else if (volume.IsThere && SizeProblem(place, volume) is { } problem)
                yield return new CheckFinding(volume.Name.ToString(), problem, "Replace it by a copy; 'holdfast repair' says what is missing without it.");
        foreach (var finding in Missing.Of(database, goneBefore))
            yield return finding;
    }

    private static string? SizeProblem(IVolumePlace place, KnownVolume volume)
    {
        try
        {
            using var file = place.Open(volume.Name);
            var size = file.Stat().Size;
            return size == volume.Bytes ? null : $"it has {size:N0} bytes and should have {volume.Bytes:N0}";
        }
        catch (FileSystemException e)
        {
            return e.Message;
        }
    }
}
