using Holdfast.Cli.Tests.Running;
using Holdfast.Core.FileSystem;
using Holdfast.Mirror;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;
using static Holdfast.Cli.Tests.Running.KilledRun;

namespace Holdfast.Cli.Tests;

/// <summary>kill -9 at any moment: what was committed stays exact, and the next run goes on.</summary>
public sealed class KilledRunTests
{
    private const int Kills = 50;

    [Fact]
    public void AfterFiftyKillsEverySnapshotIsWhatItWasAndTheNextRunSucceeds()
    {
        Peer.Require("rsync", "find", "sha256sum");
        var random = new Random(RandomSeed.Next());
        using var disk = new LoopMount(size: 256L << 20, under: "/dev/shm");
        using var machine = new Machine();
        var (source, place) = (machine.Folder("Documents"), Path.Combine(disk.Path, "backup"));
        var states = new List<SortedDictionary<string, string>>();
        var kept = new List<SortedDictionary<string, string>>();
        var (killed, rounds, duration) = (0, 0, TimeSpan.FromMilliseconds(600));
        Fill(source, random);
        for (; killed < Kills && rounds < 3 * Kills; rounds++)
        {
            Change(source, random);
            states.Add(HashesOf(source));
            var ended = machine.RunAndKill(duration * (0.3 + (0.8 * random.NextDouble())), "backup", source, "--to", "mirror:" + place, "--allow-deletions");
            killed += ended is null ? 1 : 0;
            // Were all killed, nothing would ever be committed; were none, nothing tested.
            // On a machine that has much else to do even the first takes long.
            duration = ended ?? duration * (kept.Count > 1 ? 1.03 : 1.15);

            if (!File.Exists(Path.Combine(place, ".holdfast/place.json")))
                continue;
            using var snapshots = new MirrorTarget(place, LocalFolders.Open).OpenSnapshots();
            for (var i = 0; i < snapshots.Snapshots.Count; i++)
            {
                var restored = HashesOf(snapshots, snapshots.Snapshots[i]);
                if (i < kept.Count)
                    restored.ShouldBe(kept[i], $"snapshot {i + 1} after round {rounds + 1}");
                else
                    kept.Add(states.Find(s => s.SequenceEqual(restored)).ShouldNotBeNull($"snapshot {i + 1} after round {rounds + 1} is no state that the source ever had"));
            }
            snapshots.Snapshots.Count.ShouldBe(kept.Count);
            // mirror/ may be between two states; the history never is.
            snapshots.CheckStructure(TestContext.Current.CancellationToken)
                .Where(f => !f.Path.StartsWith(Path.Combine(place, "mirror"), StringComparison.Ordinal))
                .Select(f => $"{f.Path}: {f.Problem}").ShouldBeEmpty($"after round {rounds + 1}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} kills in {rounds} rounds, {kept.Count} snapshots");
        killed.ShouldBe(Kills);
        kept.Count.ShouldBeGreaterThan(1);

        machine.Run("backup", source, "--to", "mirror:" + place, "--allow-deletions").Checked("holdfast");
        Rsync.Differences(source, Path.Combine(place, "mirror")).ShouldBeEmpty();
        machine.Run("check", "mirror:" + place).Checked("holdfast");
        machine.Run("restore", "mirror:" + place, "--to", machine["out"]).Checked("holdfast");
        HashesOf(machine["out"]).ShouldBe(HashesOf(source));
        machine.Run("restore", "mirror:" + place, "--at", "000001", "--to", machine["first"]).Checked("holdfast");
        HashesOf(machine["first"]).ShouldBe(kept[0]);
    }

    private static void Fill(string source, Random random)
    {
        for (var i = 0; i < 300; i++)
            Write(Path.Combine(source, $"folder {i % 10}", $"file {i}"), random);
    }

    /// <summary>Edits, new files and folders, deletions, renames.</summary>
    private static void Change(string source, Random random)
    {
        var files = Directory.GetFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        random.Shuffle(files);
        foreach (var file in files[..40])
            Write(file, random);
        foreach (var file in files[40..55])
            File.Delete(file);
        foreach (var file in files[55..65])
            File.Move(file, file + "'");
        for (var i = 0; i < 15; i++)
            Write(Path.Combine(source, $"folder {random.Next(20)}", $"new {random.Next()}"), random);
    }

    private static void Write(string path, Random random)
    {
        var bytes = new byte[random.Next(30_000)];
        random.NextBytes(bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
