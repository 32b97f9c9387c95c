using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests;

/// <summary>'check --read-data' of a library: every byte, whatever was read before.</summary>
public sealed class DataCheckTests
{
    [Fact]
    public async Task BytesThatTurnAfterTheyWereReadBackAreFoundAndLoseTheirDate()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        scene.Write("b.jpg", "another");
        scene.Write("empty", "");
        await scene.UploadAsync();
        (await CheckAsync(scene)).Found.ShouldBeEmpty();
        Verification(scene).ShouldBe((2, 0));

        await TurnAsync(scene, "a.jpg", "pictura");
        var (found, remarks, counters) = await CheckAsync(scene);

        found.ShouldHaveSingleItem().Path.ShouldBe("a.jpg");
        remarks.ShouldBeEmpty();
        (counters.FilesDone, counters.BytesDone, counters.Findings).ShouldBe((2, 14, 1));
        Verification(scene).ShouldBe((2, 1));
        await using var library = await scene.OpenAsync();
        library.NotVerified(10).ShouldBe([ContentId.Parse(Scene.Hash("picture"))]);
    }

    [Fact]
    public async Task WhatIsDamagedIsNotAlreadyThere()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        await TurnAsync(scene, "a.jpg", "pictura");
        (await CheckAsync(scene)).Found.ShouldHaveSingleItem();

        scene.Write("a.jpg", "picture", "laptop");
        await scene.UploadAsync("laptop");

        scene.Files().Values.Order(StringComparer.Ordinal).ShouldBe(["pictura", "picture"]);
        (await CheckAsync(scene)).Found.ShouldHaveSingleItem().Path.ShouldBe("a.jpg"); // As long as it lies there.
        await scene.UploadAsync("laptop");
        scene.Files().Count.ShouldBe(2);

        // The disk was asleep, say, and gives the right bytes after all.
        await TurnAsync(scene, "a.jpg", "picture");
        (await CheckAsync(scene)).Found.ShouldBeEmpty();
    }

    [Fact]
    public async Task AShareBeginsWithWhatWaitsLongest()
    {
        using var scene = new Scene();
        scene.Write("a", "1234567890");
        await scene.UploadAsync();
        await CheckAsync(scene);
        scene.Write("b", "0987654321");
        await scene.UploadAsync();

        var (_, _, counters) = await CheckAsync(scene, 0.5);

        (counters.Files, counters.FilesDone).ShouldBe((1, 1));
        Verification(scene).ShouldBe((2, 0));
    }

    [Fact]
    public async Task WhileSomebodyElseHasTheLockItReadsAndWritesNothingDown()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        await using var library = await scene.OpenAsync();

        var (found, remarks, counters) = await CheckAsync(scene);

        (found.Count, counters.FilesDone).ShouldBe((0, 1));
        remarks.ShouldHaveSingleItem().ShouldContain("the dates were not written down");
        library.NotVerified(10).Count.ShouldBe(1);
    }

    [Fact]
    public async Task FilesThatNobodyHashedAreNotPassedOff()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        File.WriteAllText(scene.InLibrary("by hand"), "more");

        (await CheckAsync(scene)).Remarks.ShouldHaveSingleItem().ShouldContain("1 files were never hashed");
    }

    [Fact]
    public async Task WhatPeopleEditedIsNoDamage()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        File.WriteAllText(scene.InLibrary("a"), "edited");

        (await CheckAsync(scene)).Found.ShouldBeEmpty();
        using var snapshots = scene.Target.OpenSnapshots();
        snapshots.CheckStructure(CancellationToken.None).ShouldHaveSingleItem().Problem.ShouldContain("changed");
    }

    /// <summary>A disk that turns bits changes neither size nor times: the index believes the file.</summary>
    private static async Task TurnAsync(Scene scene, string name, string text)
    {
        await using var library = await scene.OpenAsync();
        var before = library.Index.FileAt(EntryPath.From(name))!;
        File.WriteAllText(scene.InLibrary(name), text);
        library.Index.Put(IndexedFile.Of(before.Path, before.Content, library.FileAt(before.Path)!.Value));
    }

    private static (long Files, long Never) Verification(Scene scene)
    {
        using var snapshots = scene.Target.OpenSnapshots();
        var state = ((IVerified)snapshots).Verification(CancellationToken.None);
        return (state.Files, state.NeverFiles);
    }

    private static async Task<(IReadOnlyList<CheckFinding> Found, IReadOnlyList<string> Remarks, VerifyCounters Counters)> CheckAsync(Scene scene, double share = 1)
    {
        var (found, counters) = (new List<CheckFinding>(), new VerifyCounters());
        var remarks = await scene.Target.VerifyAsync(new VerifyOptions { Purpose = "test", Share = share }, found.Add, counters, TestContext.Current.CancellationToken);
        return (found, remarks, counters);
    }
}
