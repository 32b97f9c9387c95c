using Holdfast.Core.Engine;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;

namespace Holdfast.Mirror.Tests.Forgetting;

/// <summary>Forgetting snapshots of one known history.</summary>
public sealed class ForgetTests : IDisposable
{
    private readonly ForgetScene _forget = new();

    private Scene Scene => _forget.Scene;

    public void Dispose() => _forget.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(1, 2, 3)]
    public async Task WhereverItsProcessDiesEveryReaderIsRightAndTheNextCommandCompletesIt(params int[] goes)
    {
        await _forget.BuildAsync();
        var saved = _forget.Save();
        var done = false;
        for (var mutation = 1; !done; mutation++)
        {
            _forget.Bring(saved);
            var plan = new FaultPlan().CrashAt(mutation);
            Scene.OpenPlace = plan.Open;
            try
            {
                await _forget.ForgetAsync(goes);
                done = true;
            }
            catch (Exception) when (plan.HasCrashed)
            {
                // As planned.
            }
            Scene.OpenPlace = LocalFolders.Open;
            _forget.CheckLeft(goes, $"after a crash at mutation {mutation}");

            if (mutation % 2 == 0)
                await Scene.BackupAsync();
            else
                await Scene.Target.ForgetAsync(_ => [], "test", TimeSpan.Zero, CancellationToken.None);

            _forget.CheckLeft(goes, $"completed after a crash at mutation {mutation}");
            Directory.GetFileSystemEntries(Path.Combine(Scene.Place, "increments")).ShouldAllBe(path => path.EndsWith('Z'));
            File.Exists(Path.Combine(Scene.Place, ".holdfast/intents/forget.json")).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task WhereverItsProcessDiesFilesAreOutOfTheHistoryWhollyOrNotAtAll()
    {
        await _forget.BuildAsync();
        var saved = _forget.Save();
        var before = _forget.Images();
        var held = Held("comes and goes");
        held.ShouldBeGreaterThan(2);
        await ForgetPathsAsync();
        var after = _forget.Images();
        after[0].Paths.ShouldNotContain("comes and goes");
        after[0].Paths.ShouldNotContain("folder then file/inside");
        after[3].Differences(before[3]).ShouldBeEmpty();
        var seen = new HashSet<bool>();
        var done = false;
        for (var mutation = 1; !done; mutation++)
        {
            _forget.Bring(saved);
            var plan = new FaultPlan().CrashAt(mutation);
            Scene.OpenPlace = plan.Open;
            try
            {
                await ForgetPathsAsync();
                done = true;
            }
            catch (Exception) when (plan.HasCrashed)
            {
                // As planned.
            }
            Scene.OpenPlace = LocalFolders.Open;
            var isDone = File.Exists(Path.Combine(Scene.Place, ".holdfast/intents/forget-paths.json")) || !Same(_forget.Images(), before);
            seen.Add(isDone);
            Same(_forget.Images(), isDone ? after : before).ShouldBeTrue($"after a crash at mutation {mutation}");

            if (mutation % 2 == 0)
                await Scene.BackupAsync();
            else
                await Scene.Target.ForgetAsync(_ => [], "test", TimeSpan.Zero, CancellationToken.None);

            Same(_forget.Images(), isDone ? after : before).ShouldBeTrue($"completed after a crash at mutation {mutation}");
            Scene.Findings().ShouldBeEmpty($"completed after a crash at mutation {mutation}");
            Directory.GetFileSystemEntries(Path.Combine(Scene.Place, ".holdfast"), "forget-paths*", SearchOption.AllDirectories).ShouldBeEmpty();
            Held("comes and goes").ShouldBe(isDone ? 0 : held);
        }
        seen.Count.ShouldBe(2);

        int Held(string name) => Directory.GetFiles(Path.Combine(Scene.Place, "increments"), name, SearchOption.AllDirectories).Length;

        static bool Same(IReadOnlyList<TreeImage> these, IReadOnlyList<TreeImage> those) => these.Zip(those).All(pair => !pair.First.Differences(pair.Second).Any());
    }

    [Fact]
    public async Task WithoutItsFirstNameAFileIsRestoredUnderTheOthersAsOneFile()
    {
        Scene.Write("stays", "stays");
        Scene.Write("a", "shared");
        Files.Link(Scene.InSource("a"), Scene.InSource("b"));
        Files.Link(Scene.InSource("a"), Scene.InSource("c"));
        await Scene.BackupAsync();
        foreach (var name in new[] { "a", "b", "c" })
            File.Delete(Scene.InSource(name));
        await Scene.BackupAsync(new BackupOptions { AllowDeletions = true });

        await Scene.Target.ForgetPathsAsync(RuleList.Parse([new RuleText("a")]), _ => { }, dryRun: false, "test", TimeSpan.Zero, CancellationToken.None);

        using var snapshots = Scene.Open();
        var to = Scene.Temporary["restored"];
        await new Restore(snapshots, TimeProvider.System).RunAsync(snapshots.Snapshots[0], new RestoreOptions { To = to }, new RestoreCounters(), CancellationToken.None);
        Directory.GetFiles(to).Select(Path.GetFileName).Order().ShouldBe(["b", "c", "stays"]);
        File.ReadAllText(Path.Combine(to, "b")).ShouldBe("shared");
        Files.Inode(Path.Combine(to, "b")).ShouldBe(Files.Inode(Path.Combine(to, "c")));
        Scene.Findings().ShouldBeEmpty();
    }

    private Task ForgetPathsAsync() => Scene.Target.ForgetPathsAsync(
        RuleList.Parse([new RuleText("comes and goes"), new RuleText("folder then file"), new RuleText("a"), new RuleText("new")]),
        _ => { },
        dryRun: false,
        "test",
        TimeSpan.Zero,
        CancellationToken.None);

    [Fact]
    public async Task TheNewestIsNeverForgotten()
    {
        await _forget.BuildAsync();

        var error = await Should.ThrowAsync<HoldfastException>(() => _forget.ForgetAsync(4));

        error.Kind.ShouldBe(ErrorKind.Usage);
        _forget.CheckLeft([], "nothing was forgotten");
    }

    [Fact]
    public async Task TheBytesOfAForgottenVersionLeaveTheDisk()
    {
        Scene.Write("big", new string('a', 100_000));
        Scene.Write("stays", "stays");
        await Scene.BackupAsync();
        Scene.Write("big", new string('b', 100_000));
        await Scene.BackupAsync();
        File.Delete(Scene.InSource("big"));
        await Scene.BackupAsync();

        await Scene.Target.ForgetAsync(all => [all[0], all[1]], "test", TimeSpan.Zero, CancellationToken.None);

        Directory.EnumerateFiles(Scene.Place, "big", SearchOption.AllDirectories).ShouldBeEmpty();
        Scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task TheFilesOfTheLargerIncrementAreNotTouched()
    {
        for (var i = 0; i < 200; i++)
            Scene.Write($"{i % 7}/{i}", $"contents {i}");
        await Scene.BackupAsync();
        Scene.Write("0/0", "other");
        File.Delete(Scene.InSource("1/1"));
        await Scene.BackupAsync();
        var plan = new FaultPlan();
        Scene.OpenPlace = plan.Open;

        await Scene.Target.ForgetAsync(all => [all[0]], "test", TimeSpan.Zero, CancellationToken.None);

        plan.Mutations.ShouldBeLessThan(80);
        Scene.OpenPlace = LocalFolders.Open;
        Scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task AClientWhoseCacheIsOfAForgottenSnapshotGoesOn()
    {
        await _forget.BuildAsync();
        var (now, older) = (Scene.State, Scene.State + ".older");
        Directory.Move(now, older);
        await _forget.AddAsync();
        Directory.Delete(now, recursive: true);
        Directory.Move(older, now);
        await _forget.ForgetAsync(4);

        var report = await Scene.BackupAsync();

        report.Targets[0].Snapshot.ShouldBeNull();
        Scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task WhoReadsWhileOthersForgetReadsWhatIsRightOrIsToldToTryAgain()
    {
        await _forget.BuildAsync();
        using var before = Scene.Open();
        var kept = before.Entries(before.Snapshots[1], EntryPath.Root, CancellationToken.None).ToList();

        await _forget.ForgetAsync(1, 3);

        Should.Throw<HoldfastException>(() => before.Entries(before.Snapshots[1], EntryPath.Root, CancellationToken.None).ToList()).Message.ShouldContain("forgotten while");
        foreach (var entry in kept.Where(e => e.Entry.Type == EntryType.File))
            using (var file = before.Open(entry))
                new ContentId(System.Security.Cryptography.SHA256.HashData(new FileReadStream(file))).ShouldBe(entry.Entry.Content!.Value);
    }
}
