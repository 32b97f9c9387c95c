using Holdfast.Core.Engine.Repairing;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Forgetting;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Repairing;

/// <summary>Damaged contents come back from where they still are, and nowhere else.</summary>
public sealed class RepairTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task AFlippedBitIsTakenBackFromTheSourceWithItsMetadataAndLinks()
    {
        _scene.Write("a", "contents of a");
        Files.Link(_scene.InSource("a"), _scene.InSource("folder/linked"));
        File.SetUnixFileMode(_scene.InSource("a"), UnixFileMode.UserRead);
        await _scene.BackupAsync();
        Damage.Flip(_scene.InMirror("a"), 0);
        (await RepairAsync(readData: false)).ShouldBeEmpty("size and time are as they were");

        var mended = await RepairAsync(new SourceDonor(_scene.Sources));

        mended.Count.ShouldBe(4, "two names in mirror/, two in track/");
        mended.ShouldAllBe(m => m.From!.StartsWith(_scene.Source, StringComparison.Ordinal));
        _scene.MirrorShouldBeTheSource();
        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task WhatNobodyHasStaysLostAndIsNamedWithItsSnapshots()
    {
        _scene.Write("a", "first");
        await _scene.BackupAsync();
        _scene.Write("b", "b");
        await _scene.BackupAsync();
        _scene.Write("a", "other");
        await _scene.BackupAsync();
        Damage.Flip(Track(0, "a"), 0);

        var lost = (await RepairAsync(new SourceDonor(_scene.Sources))).Single();

        lost.From.ShouldBeNull();
        lost.Snapshots.Select(s => s[..6]).ShouldBe(["000001", "000002"]);
    }

    [Fact]
    public async Task AMissingNameIsANameOfTheSameFileAgainAndAnotherFileWithTheContentsIsCopied()
    {
        _scene.Write("a", "same contents");
        _scene.Write("b", "same contents");
        await _scene.BackupAsync();
        File.Delete(Track(0, "a"));
        (await RepairAsync()).Single().From.ShouldNotBeNull();
        _scene.MirrorShouldBeTheSource();
        File.Delete(Track(0, "a"));
        File.Delete(_scene.InMirror("a"));

        (await RepairAsync()).Count.ShouldBe(2);

        _scene.MirrorShouldBeTheSource();
        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task AnotherPlaceGivesWhatItHasAndNothingElse()
    {
        _scene.Write("a", "first");
        await _scene.BackupAsync();
        Command.Must("cp", "-a", _scene.Place, _scene.Temporary["other"]);
        var other = new MirrorTarget(_scene.Temporary["other"], LocalFolders.Open);
        _scene.Write("a", "other");
        await _scene.BackupAsync();
        Damage.Flip(Track(0, "a"), 0);
        using (var snapshots = other.OpenSnapshots())
            (await RepairAsync(new PlaceDonor(snapshots))).Single().From.ShouldNotBeNull().ShouldStartWith(_scene.Temporary["other"]);
        await ShouldBeWholeAsync();

        Damage.Flip(Track(0, "a"), 0);
        Damage.Flip(_scene.Temporary["other/mirror/a"], 1);
        using (var snapshots = other.OpenSnapshots())
            (await RepairAsync(new PlaceDonor(snapshots))).Single().From.ShouldBeNull("its hash is another");
    }

    [Fact]
    public async Task WhatSomebodyEditedInThePlaceIsKeptAside()
    {
        _scene.Write("a", "contents");
        await _scene.BackupAsync();
        File.WriteAllText(_scene.InMirror("a"), "edited by hand");

        (await RepairAsync(new SourceDonor(_scene.Sources))).Count.ShouldBe(2);

        File.ReadAllText(_scene.InMirror("a")).ShouldBe("contents");
        Directory.EnumerateFiles(Path.Combine(_scene.Place, ".holdfast/rescued"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldBe(["edited by hand"]);
        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task ADryRunSaysTheSameAndWritesNothing()
    {
        _scene.Write("a", "contents");
        await _scene.BackupAsync();
        Damage.Flip(_scene.InMirror("a"), 0);
        var before = TreeImage.Of(_scene.Place);

        (await RepairAsync(dryRun: true, donors: new SourceDonor(_scene.Sources))).Count.ShouldBe(2);

        before.Differences(TreeImage.Of(_scene.Place)).ShouldBeEmpty();
        (await RepairAsync(new SourceDonor(_scene.Sources))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task WhereverItsProcessDiesEveryFileIsAsBeforeOrMendedAndTheNextRepairGoesOn()
    {
        using var forget = new ForgetScene();
        await forget.BuildAsync();
        var then = forget.Images();
        Command.Must("cp", "-a", forget.Scene.Place, forget.Scene.Temporary["other"]);
        var other = new MirrorTarget(forget.Scene.Temporary["other"], LocalFolders.Open);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(forget.Scene.Place, "increments"), "*", SearchOption.AllDirectories).Where(f => f.Contains("/track/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Where((_, i) => i % 2 == 0))
            File.Delete(file);
        Damage.Flip(forget.Scene.InMirror("a"), 0);
        File.WriteAllText(forget.Scene.InMirror("stays"), "edited by hand");
        var saved = forget.Save();
        var done = false;
        for (var mutation = 1; !done; mutation++)
        {
            forget.Bring(saved);
            var plan = new FaultPlan().CrashAt(mutation);
            using var donor = other.OpenSnapshots();
            try
            {
                await RepairAsync(new MirrorTarget(forget.Scene.Place, plan.Open), donors: new PlaceDonor(donor));
                done = true;
            }
            catch (CrashException)
            {
                // As planned.
            }
            if (mutation % 2 == 0)
                (await RepairAsync(forget.Scene.Target, donors: new PlaceDonor(donor))).ShouldAllBe(r => r.From != null);
            else if (!done)
                continue;
            ForgetScene.Images(forget.Scene).Zip(then).SelectMany(p => p.Second.Differences(p.First)).ShouldBeEmpty($"mutation {mutation}");
            // The next run puts the times of folders right (mirror.md).
            forget.Scene.Findings().Where(f => !f.Contains("its time is", StringComparison.Ordinal)).ShouldBeEmpty();
            (await RepairAsync(forget.Scene.Target)).ShouldBeEmpty();
            Directory.EnumerateFiles(Path.Combine(forget.Scene.Place, ".holdfast/rescued"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldContain("edited by hand");
            Directory.Exists(Path.Combine(forget.Scene.Place, ".holdfast/repair")).ShouldBeFalse();
        }
    }

    private string Track(int increment, string name) =>
        Path.Combine(Directory.GetDirectories(Path.Combine(_scene.Place, "increments")).Order(StringComparer.Ordinal).ElementAt(increment), "track", name);

    private Task<List<Repaired>> RepairAsync(params IContentDonor[] donors) => RepairAsync(_scene.Target, donors: donors);

    private Task<List<Repaired>> RepairAsync(bool readData) => RepairAsync(_scene.Target, readData);

    private Task<List<Repaired>> RepairAsync(bool dryRun, params IContentDonor[] donors) => RepairAsync(_scene.Target, dryRun: dryRun, donors: donors);

    private static async Task<List<Repaired>> RepairAsync(IRepair target, bool readData = true, bool dryRun = false, params IContentDonor[] donors)
    {
        var repaired = new List<Repaired>();
        await target.RepairAsync(new RepairOptions { ReadData = readData, DryRun = dryRun, Donors = donors, Purpose = "test" }, repaired.Add, CancellationToken.None);
        return repaired;
    }

    private async Task ShouldBeWholeAsync()
    {
        var found = new List<CheckFinding>();
        await _scene.Target.VerifyAsync(new VerifyOptions { Purpose = "test" }, found.Add, new VerifyCounters(), CancellationToken.None);
        found.ShouldBeEmpty();
        _scene.Findings().ShouldBeEmpty();
    }
}
