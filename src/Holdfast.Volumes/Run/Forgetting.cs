using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Run;

/// <summary>Removes volumes that are chosen and that no last good copy lies in; what is chosen and still needed stays.</summary>
internal sealed class Forgetting(IVolumePlace place, VolumeDatabase database, TimeSpan keepDeleted)
{
    public IReadOnlyList<Snapshot> Run(Func<IReadOnlyList<Snapshot>, IReadOnlyList<Snapshot>> choose, CancellationToken cancellationToken)
    {
        var snapshots = database.Runs();
        var chosen = choose(snapshots).ToList();
        if (snapshots.Count > 0 && chosen.Contains(snapshots[^1]))
            throw new HoldfastException(ErrorKind.Usage, $"{snapshots[^1].Id} is the newest snapshot and is never forgotten.", "Name older snapshots.");
        var runs = chosen.Select(s => s.Number).ToHashSet();
        var runOf = database.Volumes().ToDictionary(v => v.Name.Number, v => v.Run);
        foreach (var volume in Removables.Of(database, keepDeleted).Where(v => runs.Contains(runOf[v.Number])))
        {
            cancellationToken.ThrowIfCancellationRequested();
            place.Remove(volume);
            database.Begin();
            database.Lose(volume.Number);
            database.Commit();
        }
        var left = database.Runs().Select(s => s.Number).ToHashSet();
        return [.. chosen.Where(s => !left.Contains(s.Number))];
    }
}
