using Holdfast.Core.Engine.Repairing;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Forgetting;
using Holdfast.Mirror.Tests.PowerLoss;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Repairing;

/// <summary>Wherever the power goes during a repair: what was right is right, what was edited is kept, and the next repair completes it.</summary>
public sealed class RepairPowerLossTests : IDisposable
{
    private readonly TemporaryFolder _disk = new(Files.Memory);
    private readonly ForgetScene _past;

    public RepairPowerLossTests() => _past = new ForgetScene(_disk.Folder("place"));

    public void Dispose()
    {
        _past.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task NothingThatWasRightIsLostAndTheNextRepairCompletesIt() => (await ViolationsAsync(withBarriers: true)).Take(3).ShouldBeEmpty();

    [Fact]
    public async Task WithoutItsBarriersTheProofFails() => (await ViolationsAsync(withBarriers: false)).ShouldNotBeEmpty();

    private async Task<IReadOnlyCollection<string>> ViolationsAsync(bool withBarriers)
    {
        await _past.BuildAsync();
        var then = _past.Images();
        var copy = _past.Scene.Temporary["other"];
        Command.Must("cp", "-a", _past.Scene.Place, copy);
        File.Delete(_past.Scene.InMirror("a"));
        Damage.Flip(_past.Scene.InMirror("new"), 0);
        File.WriteAllText(_past.Scene.InMirror("stays"), "edited by hand");
        var damaged = (await RepairAsync(_past.Scene.Place, LocalFolders.Open, copy, dryRun: true)).Select(r => r.Path[_past.Scene.Place.Length..]).ToHashSet(StringComparer.Ordinal);
        damaged.Count.ShouldBeGreaterThan(3);
        var proof = new PowerLossProof(_disk.Path, withBarriers);
        await RepairAsync(_past.Scene.Place, proof.Open, copy);
        proof.IsDone();
        return await proof.ViolationsAsync(randomPerCut: 4, least: 30, async (scene, isPromised) =>
        {
            var left = await RepairAsync(scene.Place, LocalFolders.Open, copy);
            left.Select(r => r.Path[scene.Place.Length..]).Except(damaged).ShouldBeEmpty("it was right before");
            left.ShouldAllBe(r => r.From != null);
            if (isPromised)
                left.ShouldBeEmpty("what was promised is not done");
            ForgetScene.Images(scene).Zip(then).SelectMany(p => p.Second.Differences(p.First)).ShouldBeEmpty();
            Directory.EnumerateFiles(Path.Combine(scene.Place, ".holdfast/rescued"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldContain("edited by hand");
        });
    }

    private static async Task<List<Repaired>> RepairAsync(string place, Func<string, IFolder> open, string copy, bool dryRun = false)
    {
        using var donor = new MirrorTarget(copy, LocalFolders.Open).OpenSnapshots();
        var repaired = new List<Repaired>();
        await new MirrorTarget(place, open).RepairAsync(new RepairOptions { ReadData = true, DryRun = dryRun, Donors = [new PlaceDonor(donor)], Purpose = "test" }, repaired.Add, CancellationToken.None);
        return repaired;
    }
}
