using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Syncing;

/// <summary>What one side does happens to the other, path by path.</summary>
public sealed class SyncTests
{
    [Fact]
    public async Task WhatOneSideDoesHappensToTheOther()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a/1.jpg", "one");
        scene.Write("laptop", "a/2.jpg", "two");
        scene.Write("library", "b/3.jpg", "three");
        scene.Write("library", "empty", "");

        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        scene.Files("library").ShouldBe(new Dictionary<string, string> { ["a/1.jpg"] = "one", ["a/2.jpg"] = "two", ["b/3.jpg"] = "three", ["empty"] = "" }, ignoreOrder: true);
        scene.Files("laptop").ShouldBe(scene.Files("library"));
        scene.Files("phone").ShouldBe(scene.Files("library"));

        scene.Write("laptop", "a/1.jpg", "one, edited");
        scene.Delete("phone", "a/2.jpg");
        scene.Write("library", "b/4.jpg", "four");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");
        await scene.SyncAsync("laptop");

        scene.Files("laptop").ShouldBe(new Dictionary<string, string> { ["a/1.jpg"] = "one, edited", ["b/3.jpg"] = "three", ["b/4.jpg"] = "four", ["empty"] = "" }, ignoreOrder: true);
        scene.Files("phone").ShouldBe(scene.Files("laptop"));
        scene.Files("library").ShouldBe(scene.Files("laptop"));
        scene.Trash("library").ShouldBe(["a/1.jpg=one", "a/2.jpg=two"]);
        scene.Trash("laptop").ShouldBe(["a/2.jpg=two"]);
        scene.Trash("phone").ShouldBe(["a/1.jpg=one"]);
    }

    [Fact]
    public async Task ARenameIsARenameOnEverySideAndSendsNothing()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "DCIM/1.jpg", "one");
        scene.Write("laptop", "DCIM/2.jpg", "two");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");
        var (inLibrary, onPhone) = (Inode(scene["library/DCIM/1.jpg"]), Inode(scene["phone/DCIM/1.jpg"]));

        scene.Move("laptop", "DCIM/1.jpg", "sorted/2019/summer.jpg");
        var sent = await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        sent.Targets[0].Statistics.Moved.ShouldBe(1);
        sent.Targets[0].Statistics.BytesAdded.ShouldBe(0);
        Inode(scene["library/sorted/2019/summer.jpg"]).ShouldBe(inLibrary);
        Inode(scene["phone/sorted/2019/summer.jpg"]).ShouldBe(onPhone);
        scene.Files("phone").ShouldBe(scene.Files("laptop"));
        scene.Trash("library").ShouldBeEmpty();
    }

    [Fact]
    public async Task PathsWithOneContentStayPathsOfTheirOwn()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a.jpg", "same");
        scene.Write("laptop", "b.jpg", "same");
        var first = await scene.SyncAsync("laptop");
        first.Targets[0].Statistics.BytesAdded.ShouldBe(4);
        await scene.SyncAsync("phone");
        scene.Files("phone").Keys.ShouldBe(["a.jpg", "b.jpg"]);

        scene.Write("phone", "c.jpg", "same");
        scene.Delete("phone", "a.jpg");
        await scene.SyncAsync("phone");
        await scene.SyncAsync("laptop");
        scene.Files("laptop").Keys.ShouldBe(["b.jpg", "c.jpg"]);
        scene.Files("library").Keys.ShouldBe(["b.jpg", "c.jpg"]);

        scene.Write("laptop", "b.jpg", "edited");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");
        scene.Files("phone").ShouldBe(new Dictionary<string, string> { ["b.jpg"] = "edited", ["c.jpg"] = "same" }, ignoreOrder: true);
        (await scene.SyncAsync("phone")).Targets[0].Statistics.BytesAdded.ShouldBe(0);
        scene.Files("library").ShouldBe(scene.Files("phone"));
    }

    [Fact]
    public async Task ContentsThatChangePlacesDoSoOnTheOtherSide()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "b", "two");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        scene.Write("laptop", "a", "two");
        scene.Write("laptop", "b", "one");
        (await scene.SyncAsync("laptop")).Targets[0].Statistics.BytesAdded.ShouldBe(0);
        await scene.SyncAsync("phone");

        scene.Files("phone").ShouldBe(new Dictionary<string, string> { ["a"] = "two", ["b"] = "one" }, ignoreOrder: true);
    }

    [Fact]
    public async Task BothVersionsOfAFileThatBothSidesChangedAreKept()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "d/a.txt", "old");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        scene.Write("laptop", "d/a.txt", "the laptop's");
        scene.Write("phone", "d/a.txt", "the phone's");
        await scene.SyncAsync("laptop");
        var report = await scene.SyncAsync("phone");
        await scene.SyncAsync("laptop");

        var name = $"d/a (conflict, phone, {scene.Time.GetUtcNow():yyyy-MM-dd}).txt";
        scene.Files("library").ShouldBe(new Dictionary<string, string> { [name] = "the phone's", ["d/a.txt"] = "the laptop's" }, ignoreOrder: true);
        scene.Files("laptop").ShouldBe(scene.Files("library"));
        scene.Files("phone").ShouldBe(scene.Files("library"));
        report.Targets[0].Remarks.ShouldContain(r => r.Contains("both versions are kept"));
    }

    [Fact]
    public async Task WhoChangedAFileWinsOverWhoDeletedIt()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "old a");
        scene.Write("laptop", "b", "old b");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        scene.Write("laptop", "a", "new a");
        scene.Delete("laptop", "b");
        scene.Delete("phone", "a");
        scene.Write("phone", "b", "new b");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");
        await scene.SyncAsync("laptop");

        scene.Files("library").ShouldBe(new Dictionary<string, string> { ["a"] = "new a", ["b"] = "new b" }, ignoreOrder: true);
        scene.Files("laptop").ShouldBe(scene.Files("library"));
        scene.Files("phone").ShouldBe(scene.Files("library"));
    }

    [Fact]
    public async Task AFileBecomesAFolderAndAFolderAFile()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "d/x", "two");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        scene.Delete("laptop", "a");
        scene.Write("laptop", "a/a", "one");
        scene.Delete("laptop", "d/x");
        scene.Write("laptop", "d", "two");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");

        scene.Files("library").ShouldBe(new Dictionary<string, string> { ["a/a"] = "one", ["d"] = "two" }, ignoreOrder: true);
        scene.Files("phone").ShouldBe(scene.Files("library"));
    }

    [Fact]
    public async Task NothingToDoChangesNothing()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("laptop");
        var before = Directory.GetFiles(scene["state of laptop"], "*", SearchOption.AllDirectories);

        var report = await scene.SyncAsync("laptop");

        report.Targets[0].Statistics.New.ShouldBe(0);
        report.Targets[0].Figures.ShouldBeEmpty();
        Directory.GetFiles(scene["state of laptop"], "*", SearchOption.AllDirectories).ShouldBe(before);
    }

    private static string Inode(string path) => Command.Must("stat", "-c", "%i", path).Text.Trim();
}
