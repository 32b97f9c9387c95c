using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Places;

/// <summary>Two targets of a job must be two places: one given twice would wait for its own lock.</summary>
internal static class DistinctPlaces
{
    /// <exception cref="HoldfastException">Two of the targets are one place, however they are written.</exception>
    public static void Require(IReadOnlyList<TargetAddress> targets)
    {
        if (targets.Count < 2)
            return;
        var seen = new Dictionary<string, TargetAddress>(StringComparer.Ordinal);
        foreach (var target in targets)
            foreach (var name in NamesOf(target))
                if (!seen.TryAdd(name, target) && seen[name] is var other && !ReferenceEquals(other, target))
                    throw new HoldfastException(ErrorKind.Usage, $"the targets '{other}' and '{target}' are the same place.", "Name each place once.");
    }

    /// <summary>What a target can be recognised by: what was written, the folder it leads to, the place's id.</summary>
    private static IEnumerable<string> NamesOf(TargetAddress target)
    {
        yield return target.ToString();
        if (target.LocalPath is not { } path)
            yield break;
        yield return path;
        FileStat stat;
        PlaceMarker? marker;
        try
        {
            using var folder = LocalFolders.OpenForReading(path);
            stat = folder.Stat(EntryPath.Root);
            marker = PlaceMarker.TryRead(folder);
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException)
        {
            yield break; // Not there, or damaged: the run says so for this target alone.
        }
        yield return $"inode {stat.Device} {stat.Inode}";
        if (marker is not null)
            yield return $"id {marker.Id}";
    }
}
