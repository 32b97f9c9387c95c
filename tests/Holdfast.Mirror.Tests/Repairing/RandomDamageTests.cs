using Holdfast.Core.Engine.Repairing;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Reading;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Repairing;

/// <summary>Whatever happens to the files of a place with a random past, a copy of it brings everything back.</summary>
public sealed class RandomDamageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AfterRepairEverySnapshotIsWhatItWasAndEveryByteIsRight(bool hardLinks)
    {
        Func<string, IFolder> open = hardLinks ? LocalFolders.Open : path => new RestrictedFolder(LocalFolders.Open(path), Restrictions.WithoutHardLinks);
        for (var round = 0; round < 6; round++)
        {
            var random = new Random(RandomSeed.Next());
            using var past = await RandomPast.MakeAsync(random, runs: 5, open);
            var then = Images(past.Snapshots);
            var copy = past.Scene.Temporary["other"];
            Command.Must("cp", "-a", past.Scene.Place, copy);
            var damaged = DamageSome(past.Scene.Place, random);
            using var other = new MirrorTarget(copy, open).OpenSnapshots();

            var repaired = new List<Repaired>();
            await past.Scene.Target.RepairAsync(new RepairOptions { ReadData = true, Donors = [new PlaceDonor(other)], Purpose = "test" }, repaired.Add, CancellationToken.None);

            repaired.Count.ShouldBeGreaterThanOrEqualTo(damaged);
            repaired.ShouldAllBe(r => r.From != null);
            var found = new List<CheckFinding>();
            await past.Scene.Target.VerifyAsync(new VerifyOptions { Purpose = "test" }, found.Add, new VerifyCounters(), CancellationToken.None);
            found.ShouldBeEmpty();
            past.Scene.Findings().ShouldBeEmpty();
            Images(past.Snapshots).Zip(then).SelectMany(p => p.Second.Differences(p.First)).ShouldBeEmpty();
            Testing.Trees.Rsync.Differences(Path.Combine(copy, "mirror"), past.Scene.Mirror).ShouldBeEmpty();
        }
    }

    private static List<TreeImage> Images(ISnapshots snapshots) => [.. snapshots.Snapshots.Select(s => TreeImage.Of(snapshots, s))];

    private static int DamageSome(string place, Random random)
    {
        var files = RandomPast.Find(place, "-type", "f", "-size", "+0")
            .Where(f => f.StartsWith("mirror/", StringComparison.Ordinal) || f.Contains("/track/", StringComparison.Ordinal)).ToArray();
        random.Shuffle(files);
        var some = files.Take(1 + (files.Length / 3)).Select(f => Path.Combine(place, f)).ToList();
        foreach (var file in some)
            switch (random.Next(4))
            {
                case 0:
                    File.Delete(file);
                    break;
                case 1:
                    Command.Must("truncate", "-s", "0", file);
                    break;
                case 2:
                    File.AppendAllText(file, "edited in place");
                    break;
                case var _ when new FileInfo(file).Length > 0:
                    Damage.Flip(file, 0);
                    break;
            }
        // Two flips of one file, under two names of it, are none.
        return some.Count(f => !File.Exists(f));
    }
}
