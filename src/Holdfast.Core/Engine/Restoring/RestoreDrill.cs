using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Proves that a place gives files back: restores some of the newest snapshot, chosen at random, and reads them back.</summary>
/// <param name="snapshots">The place.</param>
/// <param name="time">Measures the duration.</param>
/// <param name="random">Chooses.</param>
public sealed class RestoreDrill(ISnapshots snapshots, TimeProvider time, Random random)
{
    /// <summary>Runs it. Everything restored is gone again afterwards.</summary>
    /// <param name="under">An own folder of the client; a folder is made in it for the files.</param>
    /// <param name="files">How many; all when the snapshot has fewer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was restored, and in the counters what could not be; null when there is nothing to restore.</returns>
    public async Task<RestoreReport?> RunAsync(string under, int files, CancellationToken cancellationToken)
    {
        if (snapshots.Snapshots is not [.., var newest] || Sample(newest, files, cancellationToken) is not { Count: > 0 } chosen)
            return null;
        using var own = LocalFolders.Open(under);
        var name = NameOf(snapshots.Name);
        var path = EntryPath.From(name);
        using var alone = await PlaceLock.TakeAsync(own, EntryPath.From(name + ".lock"), "a restore drill", TimeSpan.Zero, cancellationToken);
        FolderTree.Delete(own, path); // A drill that was cut off left it.
        FolderTree.EnsureOwn(own, path, 0x1C0); // 0700: the files are somebody's.
        try
        {
            var options = new RestoreOptions { To = Path.Combine(under, name), Paths = chosen, Verify = true };
            return await new Restore(snapshots, time).RunAsync(newest, options, new RestoreCounters(), cancellationToken);
        }
        finally
        {
            FolderTree.Delete(own, path);
        }
    }

    /// <summary>Another folder for each target, for their drills may be held at once.</summary>
    private static string NameOf(string target) => "drill-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)))[..16];

    /// <summary>Reservoir sampling (Vitter's algorithm R): each file has the same chance, whatever their number.</summary>
    private List<EntryPath> Sample(Snapshot snapshot, int files, CancellationToken cancellationToken)
    {
        var chosen = new List<EntryPath>();
        var seen = 0L;
        foreach (var entry in snapshots.Entries(snapshot, EntryPath.Root, cancellationToken))
        {
            if (entry.Entry.Type is not EntryType.File || entry.Entry.Content is null)
                continue;
            seen++;
            if (chosen.Count < files)
                chosen.Add(entry.Entry.Path);
            else if (random.NextInt64(seen) is var slot && slot < files)
                chosen[(int)slot] = entry.Entry.Path;
        }
        return chosen;
    }
}
