using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.PowerLoss;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Adopting;

/// <summary>Wherever the power goes while a plain copy is taken over: no file of it is lost, and the next call completes it.</summary>
public sealed class AdoptionPowerLossTests : IDisposable
{
    private readonly TemporaryFolder _disk = new(Files.Memory);
    private readonly Scene _scene;

    public AdoptionPowerLossTests() => _scene = new Scene(Files.Memory, _disk.Folder("place")) { IsAdHoc = false };

    public void Dispose()
    {
        _scene.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task NoFileIsLostAndTheNextCallCompletesIt() => (await ViolationsAsync(withBarriers: true)).Take(3).ShouldBeEmpty();

    [Fact]
    public async Task WithoutItsBarriersTheProofFails() => (await ViolationsAsync(withBarriers: false)).ShouldNotBeEmpty();

    private async Task<IReadOnlyCollection<string>> ViolationsAsync(bool withBarriers)
    {
        _scene.Write("a", "contents of a");
        _scene.Write("folder/b", "b");
        _scene.Write("folder/deeper/c", "c");
        Command.Bash("""cd "$1"; ln -s a symlink; mkdir empty; ln a linked; cp -a . "$2" """, _scene.Source, _scene.Place);
        File.WriteAllText(Path.Combine(_scene.Place, "only here"), "was deleted from the source");
        Command.Must("touch", "-r", _scene.Source, _scene.Place);
        // The time of the copy's own folder is that of its last change, and taking it over is one.
        static TreeImage Below(TreeImage tree) => tree.Where(path => path != ".");
        var copy = Below(TreeImage.Of(_scene.Place));

        var proof = new PowerLossProof(_disk.Path, withBarriers);
        await AdoptAsync(_scene, proof.Open);
        proof.IsDone();
        return await proof.ViolationsAsync(randomPerCut: 4, least: 20, async (scene, isPromised) =>
        {
            (scene.IsAdHoc, scene.Sources) = (false, _scene.Sources);
            var isPlace = File.Exists(Path.Combine(scene.Place, ".holdfast/place.json"));
            if (isPromised)
                isPlace.ShouldBeTrue("what was promised is not done");
            if (!isPlace)
                await AdoptAsync(scene, LocalFolders.Open);
            using var snapshots = scene.Open();
            copy.Differences(Below(TreeImage.Of(snapshots, snapshots.Snapshots.Single()))).ShouldBeEmpty();
            scene.Findings().ShouldBeEmpty();
            await scene.BackupAsync();
            TreeImage.Of(_scene.Source).Differences(TreeImage.Of(scene.Mirror)).ShouldBeEmpty();
        });
    }

    private static Task<PlaceMarker> AdoptAsync(Scene scene, Func<string, IFolder> open) =>
        new MirrorTarget(scene.Place, open).AdoptAsync(scene.Request(), new VerifyCounters(), CancellationToken.None);
}
