using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.PowerLoss;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Forgetting;

/// <summary>Wherever the power goes while snapshots are forgotten: the others can be read as they are, and the next run completes it.</summary>
public sealed class ForgetPowerLossTests : IDisposable
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 };

    private readonly TemporaryFolder _disk = new(Files.Memory);
    private ForgetScene _forget;
    private Restrictions? _limits;

    public ForgetPowerLossTests() => _forget = new ForgetScene(_disk.Folder("place"));

    public void Dispose()
    {
        _forget.Dispose();
        _disk.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1, 2)]
    [InlineData(1, 2, 3)]
    [InlineData(1, 3)]
    public async Task WhatStaysIsExactWhereverThePowerGoes(params int[] goes)
    {
        var violations = await ViolationsAsync(goes, withBarriers: true);

        violations.Take(3).ShouldBeEmpty($"{violations.Count} cases");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1, 2)]
    [InlineData(1, 2, 3)]
    [InlineData(1, 3)]
    public async Task TheSameOnADiskWithoutHardLinks(params int[] goes)
    {
        UseDiskWithoutHardLinks();
        var violations = await ViolationsAsync(goes, withBarriers: true);

        violations.Take(3).ShouldBeEmpty($"{violations.Count} cases");
    }

    [Fact]
    public async Task TheSameOfFilesThatHaveAllTheNamesTheyMayHave()
    {
        _limits = new Restrictions { MaximumLinks = 1 };
        var violations = await ViolationsAsync([1, 2], withBarriers: true);

        violations.Take(3).ShouldBeEmpty($"{violations.Count} cases");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FilesAreOutOfTheHistoryWhollyOrNotAtAllWhereverThePowerGoes(bool hardLinks)
    {
        if (!hardLinks)
            UseDiskWithoutHardLinks();
        var violations = await PathViolationsAsync(withBarriers: true);

        violations.Take(3).ShouldBeEmpty($"{violations.Count} cases");
    }

    [Fact]
    public async Task WithoutItsBarriersTheProofForFilesFails() => (await PathViolationsAsync(withBarriers: false)).ShouldNotBeEmpty();

    private async Task<IReadOnlyCollection<string>> PathViolationsAsync(bool withBarriers)
    {
        await _forget.BuildAsync();
        var before = _forget.Images();
        var masks = RuleList.Parse([new RuleText("comes and goes"), new RuleText("folder then file"), new RuleText("a"), new RuleText("new")]);
        var proof = Record(withBarriers);
        await _forget.Scene.Target.ForgetPathsAsync(masks, _ => { }, dryRun: false, "test", TimeSpan.Zero, CancellationToken.None);
        proof.IsDone();
        var after = _forget.Images();
        Same(before, after).ShouldBeFalse();
        return await ViolationsAsync(proof, async scene =>
        {
            var now = ForgetScene.Images(scene);
            var isDone = Same(now, after);
            (isDone || Same(now, before)).ShouldBeTrue("neither as before nor as after");
            await scene.BackupAsync();
            Same(ForgetScene.Images(scene), isDone ? after : before).ShouldBeTrue("another state after the next run");
            scene.Findings().ShouldBeEmpty("after the next run");
            return isDone;
        });

        static bool Same(IReadOnlyList<TreeImage> these, IReadOnlyList<TreeImage> those) => these.Zip(those).All(pair => !pair.First.Differences(pair.Second).Any());
    }

    [Fact]
    public async Task WithoutItsBarriersTheProofFails() => (await ViolationsAsync([2, 3], withBarriers: false)).ShouldNotBeEmpty();

    private async Task<IReadOnlyCollection<string>> ViolationsAsync(int[] goes, bool withBarriers)
    {
        await _forget.BuildAsync();
        var proof = Record(withBarriers);
        await _forget.ForgetAsync(goes);
        proof.IsDone();
        return await ViolationsAsync(proof, async scene =>
        {
            _forget.CheckLeft(scene, goes, "when the power is back");
            var isDone = Snapshots(scene) == 4 - goes.Length;
            await scene.BackupAsync();

            _forget.CheckLeft(scene, goes, "after the next run");
            Directory.GetFileSystemEntries(Path.Combine(scene.Place, "increments")).ShouldAllBe(path => path.EndsWith('Z'));
            return isDone;
        });
    }

    private PowerLossProof Record(bool withBarriers)
    {
        var proof = new PowerLossProof(_disk.Path, withBarriers);
        _forget.Scene.OpenPlace = path => Limited(proof.Open(path));
        return proof;
    }

    /// <param name="proof">What was done.</param>
    /// <param name="check">Says of a place that lost power whether the work is done there.</param>
    private Task<IReadOnlyCollection<string>> ViolationsAsync(PowerLossProof proof, Func<Scene, Task<bool>> check) =>
        proof.ViolationsAsync(Soak ? 24 : 8, least: 50, async (scene, isPromised) =>
        {
            (scene.Sources, scene.Clock) = (_forget.Scene.Sources, _forget.Scene.Clock);
            scene.OpenPlace = path => Limited(LocalFolders.Open(path));
            Command.Must("cp", "-a", _forget.Scene.State, scene.State);
            var isDone = await check(scene);
            if (isPromised)
                isDone.ShouldBeTrue("what was promised is not done");
        });

    private void UseDiskWithoutHardLinks()
    {
        _forget.Dispose();
        _limits = Restrictions.WithoutHardLinks;
        _forget = new ForgetScene(_disk["place"], _limits);
    }

    private IFolder Limited(IFolder folder) => _limits is null ? folder : new RestrictedFolder(folder, _limits);

    private static int Snapshots(Scene scene)
    {
        using var snapshots = scene.Open();
        return snapshots.Snapshots.Count;
    }
}
