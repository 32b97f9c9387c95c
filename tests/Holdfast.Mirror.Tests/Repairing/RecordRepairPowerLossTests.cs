using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Forgetting;
using Holdfast.Mirror.Tests.PowerLoss;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Repairing;

/// <summary>Wherever the power goes while records are built anew: the next repair comes to what an undisturbed one does, and the old file is kept.</summary>
public sealed class RecordRepairPowerLossTests : IDisposable
{
    private const string Spoiled = "this was a record";

    private readonly TemporaryFolder _disk = new(Files.Memory);
    private readonly ForgetScene _past;

    public RecordRepairPowerLossTests() => _past = new ForgetScene(_disk.Folder("place"));

    public void Dispose()
    {
        _past.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task TheNextRepairComesToTheSameAndTheOldFileIsKept() => (await ViolationsAsync(withBarriers: true)).Take(3).ShouldBeEmpty();

    [Fact]
    public async Task WithoutItsBarriersTheProofFails() => (await ViolationsAsync(withBarriers: false)).ShouldNotBeEmpty();

    private async Task<IReadOnlyCollection<string>> ViolationsAsync(bool withBarriers)
    {
        await _past.BuildAsync();
        var increments = Directory.GetDirectories(Path.Combine(_past.Scene.Place, "increments")).Order(StringComparer.Ordinal).ToList();
        File.WriteAllText(Path.Combine(increments[1], "entries.jsonl.gz"), Spoiled);
        File.Delete(Path.Combine(increments[2], "entries.jsonl.gz"));
        File.Delete(Path.Combine(increments[2], "increment.json"));
        var wanted = await UndisturbedAsync();

        var proof = new PowerLossProof(_disk.Path, withBarriers);
        await RepairAsync(_past.Scene.Place, proof.Open);
        proof.IsDone();
        return await proof.ViolationsAsync(randomPerCut: 4, least: 20, async (scene, isPromised) =>
        {
            var again = await RepairAsync(scene.Place, LocalFolders.Open);
            if (isPromised)
                again.ShouldBe(0, "what was promised is not done");
            ForgetScene.Images(scene).Zip(wanted).SelectMany(p => p.Second.Differences(p.First)).ShouldBeEmpty();
            scene.Findings().ShouldBeEmpty();
            Directory.EnumerateFiles(Path.Combine(scene.Place, ".holdfast/rescued"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldContain(Spoiled);
        });
    }

    private async Task<IReadOnlyList<Model.TreeImage>> UndisturbedAsync()
    {
        var copy = _past.Scene.Temporary["undisturbed"];
        Command.Must("cp", "-a", _past.Scene.Place, copy);
        using var scene = new Scene(Files.Memory, copy);
        (await RepairAsync(copy, LocalFolders.Open)).ShouldBe(3);
        scene.Findings().ShouldBeEmpty();
        return ForgetScene.Images(scene);
    }

    private static async Task<int> RepairAsync(string place, Func<string, IFolder> open)
    {
        var repaired = 0;
        await new MirrorTarget(place, open).RepairAsync(new RepairOptions { Purpose = "test" }, _ => repaired++, CancellationToken.None);
        return repaired;
    }
}
