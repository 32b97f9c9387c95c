using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>Every kind of entry, metadata and name, changed in every way: the mirror is the source, and every snapshot stays what it was.</summary>
public sealed class TortureTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task TheMirrorIsTheSourceAndEverySnapshotStaysAsItWas(int workers)
    {
        var random = new Random(RandomSeed.Next());
        var options = new BackupOptions { Workers = workers, AllowDeletions = true };
        TortureTree.Build(_scene.Source, seed: random.Next(), wide: workers == 1 ? 0 : 3000);
        var then = new List<TreeState>();
        for (var round = 0; round < 4; round++)
        {
            if (round > 0)
                TortureTree.Mutate(_scene.Source, random);
            var report = await _scene.BackupAsync(options);

            report.Targets[0].Snapshot.ShouldNotBeNull();
            report.Targets[0].Remarks.ShouldBeEmpty();
            Rsync.Differences(_scene.Source, _scene.Mirror).ShouldBeEmpty($"after run {round + 1}");
            TreeState.Differences(TreeState.Read(_scene.Source), TreeState.Read(_scene.Mirror)).ShouldBeEmpty($"after run {round + 1}");
            then.Add(TreeState.Read(_scene.Source));
        }

        using var snapshots = _scene.Open();
        snapshots.Snapshots.Count.ShouldBe(then.Count);
        for (var i = 0; i < then.Count; i++)
            SnapshotState.Differences(snapshots, snapshots.Snapshots[i], then[i]).ShouldBeEmpty($"snapshot {i + 1}");
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunWithoutChangesAddsNothingAndReadsNothing()
    {
        TortureTree.Build(_scene.Source, seed: RandomSeed.Next());
        await _scene.BackupAsync();

        var again = await _scene.BackupAsync();

        again.Targets[0].Snapshot.ShouldBeNull();
        again.Counters.BytesDone.ShouldBe(0);
        Directory.GetDirectories(Path.Combine(_scene.Place, "increments")).Length.ShouldBe(1);
        Rsync.Differences(_scene.Source, _scene.Mirror).ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutItsCacheTheSamePlanFollowsFromTheRecords()
    {
        var random = new Random(RandomSeed.Next());
        TortureTree.Build(_scene.Source, seed: random.Next());
        await _scene.BackupAsync();
        TortureTree.Mutate(_scene.Source, random);
        await _scene.BackupAsync(new BackupOptions { AllowDeletions = true });
        Directory.Delete(_scene.State, recursive: true);

        var again = await _scene.BackupAsync();

        again.Targets[0].Snapshot.ShouldBeNull();
        Rsync.Differences(_scene.Source, _scene.Mirror).ShouldBeEmpty();
    }
}
