using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Forgetting;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Reading;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Repairing;

/// <summary>Lost records come back out of the folders: names and bytes wholly, metadata as the newest stand for them.</summary>
public sealed class RecordRepairTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhicheverRecordOfARandomPastIsLostEverySnapshotHasItsFilesAgain(bool hardLinks)
    {
        Func<string, IFolder> open = hardLinks ? LocalFolders.Open : path => new RestrictedFolder(LocalFolders.Open(path), Restrictions.WithoutHardLinks);
        for (var round = 0; round < 20; round++)
        {
            var random = new Random(RandomSeed.Next());
            using var past = await RandomPast.MakeAsync(random, runs: 4, open);
            var then = Images(past.Snapshots);
            for (var lost = 0; lost < 4; lost++)
            {
                var copy = past.Scene.Temporary[$"without-{lost}"];
                Command.Must("cp", "-a", past.Scene.Place, copy);
                Spoil(Record(copy, lost), random);
                var target = new MirrorTarget(copy, open);

                var repaired = await RepairAsync(target);

                repaired.ShouldHaveSingleItem().Path.ShouldBe(Record(copy, lost));
                using var snapshots = target.OpenSnapshots();
                var now = Images(snapshots);
                for (var i = 0; i < 4; i++)
                    FilesThatDiffer(then[i], now[i], lost is > 0 and < 3 ? then[lost - 1] : null).ShouldBeEmpty($"snapshot {i + 1} without record {lost + 1}");
                if (lost == 3 && hardLinks)
                    then[3].Differences(now[3]).ShouldBeEmpty("mirror/ has everything of the newest");
                if (lost == 3 && hardLinks)
                    (await RepairAsync(target)).ShouldBeEmpty();
                snapshots.CheckStructure(CancellationToken.None).Select(f => $"{f.Path} {f.Problem}").ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task WithAllRecordsAndDescriptionsLostEveryVersionIsListedAndTheNextBackupGoesOn()
    {
        using var forget = new ForgetScene();
        await forget.BuildAsync();
        var then = forget.Images();
        for (var i = 0; i < 4; i++)
        {
            File.Delete(Record(forget.Scene.Place, i));
            File.WriteAllText(Description(forget.Scene.Place, i), "{");
        }

        (await RepairAsync(forget.Scene.Target, forget.Scene.State)).Count.ShouldBe(8);

        var now = forget.Images();
        then[3].Differences(now[3]).ShouldBeEmpty();
        for (var i = 0; i < 4; i++)
            foreach (var path in then[i].Paths.Where(p => File.Exists(Path.Combine(Increment(forget.Scene.Place, i), "track", p))))
                now[i].SameContents(path, then[i]).ShouldBeTrue($"{path} in {i + 1}");
        forget.Scene.Findings().ShouldBeEmpty();
        forget.Scene.Write("after", "1");
        await forget.Scene.BackupAsync();
        forget.Scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task WhatHadNoHistoryIsHeldFromThenOnAndNothingIsLostWhenItGoes()
    {
        Scene scene = _scene;
        scene.Write("Notes/a", "included only");
        scene.Write("Projects/b", "tracked");
        scene.Options = new Core.Engine.BackupOptions { Rules = new ScanRules { Include = RuleList.Parse([new RuleText("Notes/")]), Track = RuleList.Parse([new RuleText("Projects/")]) } };
        await scene.BackupAsync();
        Spoil(Record(scene.Place, 0), new Random(1));

        await RepairAsync(scene.Target, scene.State);
        File.Delete(scene.InSource("Notes/a"));
        await scene.BackupAsync(scene.Options with { AllowDeletions = true });

        using var snapshots = scene.Open();
        TreeImage.Of(snapshots, snapshots.Snapshots[0]).Has("Notes/a").ShouldBeTrue();
        scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AnIntactRecordIsBuiltAnewOnlyWithForceAndTheOldOneIsKept()
    {
        await _scene.BackupAsync();
        var old = File.ReadAllBytes(Record(_scene.Place, 0));

        var refused = await Should.ThrowAsync<HoldfastException>(() => RepairAsync(_scene.Target, rebuild: "000001"));
        refused.Message.ShouldContain("is intact");
        File.ReadAllBytes(Record(_scene.Place, 0)).ShouldBe(old);
        await Should.ThrowAsync<HoldfastException>(() => RepairAsync(_scene.Target, rebuild: "000007", force: true));
        await RepairAsync(_scene.Target, rebuild: "000001", force: true);

        var kept = Directory.EnumerateFiles(Path.Combine(_scene.Place, ".holdfast/rescued"), "entries.jsonl.gz", SearchOption.AllDirectories).Single();
        File.ReadAllBytes(kept).ShouldBe(old);
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadersGoOnWithoutADescriptionAndSayIt()
    {
        _scene.Write("a", "a");
        await _scene.BackupAsync();
        _scene.Write("b", "b");
        await _scene.BackupAsync();
        string was, id;
        using (var before = _scene.Open())
            (id, was) = (before.Snapshots[1].Id, before.Snapshots[1].Statistics.ToString());
        File.WriteAllText(Description(_scene.Place, 1), "null");
        Directory.Delete(_scene.State, recursive: true);

        using (var snapshots = _scene.Open())
        {
            snapshots.Snapshots[1].Time.ShouldBe(_scene.Clock);
            snapshots.Snapshots[1].Client.ShouldBe("here");
            snapshots.Warnings.ShouldHaveSingleItem().ShouldContain(id);
            TreeImage.Of(snapshots, snapshots.Snapshots[1]).Has("b").ShouldBeTrue();
        }
        _scene.Findings().ShouldHaveSingleItem().ShouldContain("increment.json");
        await Should.ThrowAsync<HoldfastException>(() => _scene.Target.ForgetAsync(all => [all[0]], "test", TimeSpan.Zero, CancellationToken.None));
        (await _scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed");

        (await RepairAsync(_scene.Target)).ShouldHaveSingleItem();

        using var after = _scene.Open();
        after.Warnings.ShouldBeEmpty();
        after.Snapshots[1].Statistics.ToString().ShouldBe(was);
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task ADryRunNamesThemAndWritesNothing()
    {
        await _scene.BackupAsync();
        File.Delete(Record(_scene.Place, 0));
        var before = TreeImage.Of(_scene.Place);

        (await RepairAsync(_scene.Target, dryRun: true)).ShouldHaveSingleItem().Problem.ShouldBe("it was missing");

        before.Differences(TreeImage.Of(_scene.Place)).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhereverItsProcessDiesTheOldRecordIsThereOrTheNewOne()
    {
        using var forget = new ForgetScene();
        await forget.BuildAsync();
        Spoil(Record(forget.Scene.Place, 1), new Random(RandomSeed.Next()));
        File.Delete(Description(forget.Scene.Place, 3));
        var spoiled = File.ReadAllBytes(Record(forget.Scene.Place, 1));
        var saved = forget.Save();
        await RepairAsync(forget.Scene.Target);
        var then = forget.Images();
        var done = false;
        for (var mutation = 1; !done; mutation++)
        {
            forget.Bring(saved);
            try
            {
                await RepairAsync(new MirrorTarget(forget.Scene.Place, new FaultPlan().CrashAt(mutation).Open));
                done = true;
            }
            catch (CrashException)
            {
                // As planned.
            }
            if (File.ReadAllBytes(Record(forget.Scene.Place, 1)) is var record && !record.AsSpan().SequenceEqual(spoiled))
                Directory.EnumerateFiles(Path.Combine(forget.Scene.Place, ".holdfast/rescued"), "entries.jsonl.gz", SearchOption.AllDirectories).Any(f => File.ReadAllBytes(f).AsSpan().SequenceEqual(spoiled)).ShouldBeTrue();
            await RepairAsync(forget.Scene.Target);
            forget.Images().Zip(then).SelectMany(p => p.Second.Differences(p.First)).ShouldBeEmpty($"mutation {mutation}");
            forget.Scene.Findings().ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("entries.jsonl.gz", Errno.InputOutput)]
    [InlineData("entries.jsonl.gz", Errno.Stale)]
    [InlineData("increment.json", Errno.InputOutput)]
    public async Task WhatTheDiskDoesNotGiveNowIsBuiltAnewOnlyWhenItIsNamed(string file, Errno error)
    {
        _scene.Write("a", "a");
        await _scene.BackupAsync();
        var before = TreeImage.Of(_scene.Place);
        var isNew = false;
        var target = new MirrorTarget(_scene.Place, new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Read, Path = path => !isNew && path.Name.SequenceEqual(Encoding.ASCII.GetBytes(file)), Error = error }).Open);

        var refused = await Should.ThrowAsync<HoldfastException>(() => RepairAsync(target));

        refused.Message.ShouldContain(file);
        refused.Message.ShouldContain("--rebuild 000001");
        before.Where(NotTheLock).Differences(TreeImage.Of(_scene.Place).Where(NotTheLock)).ShouldBeEmpty("it may be whole");
        await RepairAsync(target, rebuild: "000001", onRepaired: () => isNew = true);
        isNew.ShouldBeTrue();
        _scene.Findings().ShouldBeEmpty();

        static bool NotTheLock(string path) => path != ".holdfast/lock";
    }

    private static List<TreeImage> Images(ISnapshots snapshots) => [.. snapshots.Snapshots.Select(s => TreeImage.Of(snapshots, s))];

    /// <summary>
    /// Names and bytes; which names were one file, which symlinks and metadata there were between two later changes nothing tells; nor that a path
    /// was renamed away, or became a symlink, when the next run moved something else there: then the file stays listed.
    /// </summary>
    private static IEnumerable<string> FilesThatDiffer(TreeImage then, TreeImage now, TreeImage? before) =>
        then.Paths.Union(now.Paths).Where(p => (then.IsFile(p) || now.IsFile(p)) && !then.SameContents(p, now))
            .Where(p => then.IsFile(p) || before is null || !before.SameContents(p, now))
            .SelectMany(p => then.Where(at => at == p).Differences(now.Where(at => at == p), links: false));

    private static string Increment(string place, int index) => Directory.GetDirectories(Path.Combine(place, "increments")).Order(StringComparer.Ordinal).ElementAt(index);

    private static string Record(string place, int index) => Path.Combine(Increment(place, index), "entries.jsonl.gz");

    private static string Description(string place, int index) => Path.Combine(Increment(place, index), "increment.json");

    private static void Spoil(string file, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                File.Delete(file);
                File.WriteAllBytes(file, []);
                break;
            case 1:
                Damage.Flip(file, (int)new FileInfo(file).Length - 6);
                break;
            default:
                Command.Must("truncate", "-s", "-9", file);
                break;
        }
    }

    private static async Task<List<Repaired>> RepairAsync(IRepair target, string? state = null, string? rebuild = null, bool force = false, bool dryRun = false, Action? onRepaired = null)
    {
        var repaired = new List<Repaired>();
        await target.RepairAsync(new RepairOptions { Purpose = "test", StateFolder = state, Rebuild = rebuild is null ? [] : [rebuild], Force = force, DryRun = dryRun }, Repaired, CancellationToken.None);
        return repaired;

        void Repaired(Repaired one)
        {
            repaired.Add(one);
            onRepaired?.Invoke();
        }
    }
}
