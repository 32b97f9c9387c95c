using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Library.Tests;

public sealed class UploadTests
{
    [Fact]
    public async Task AContentIsStoredOnceAndEveryNameComesBack()
    {
        using var scene = new Scene();
        scene.Write("DCIM/a.jpg", "picture");
        scene.Write("DCIM/again.jpg", "picture");
        scene.Write("WhatsApp/forwarded.jpg", "picture");
        scene.Write("empty 1", "");
        scene.Write("empty 2", "");
        Command.Must("ln", "-s", "DCIM/a.jpg", Path.Combine(scene.Source(), "newest"));

        await scene.UploadAsync();

        scene.Files().Keys.ShouldBe(["DCIM/a.jpg", "empty 1", "empty 2"]);
        Rsync.Differences(scene.Source(), await scene.RestoreAsync("phone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task NothingIsSentAgainUnderAnyNameFromAnyClient()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        scene.Write("copy of a.jpg", "picture", "laptop");
        scene.Write("b.jpg", "another", "laptop");

        var report = await scene.UploadAsync("laptop");
        var again = await scene.UploadAsync("laptop");

        scene.Files().ShouldBe(new Dictionary<string, string> { ["a.jpg"] = "picture", ["b.jpg"] = "another" });
        report.Targets[0].Remarks.ShouldContain(r => r.StartsWith("1 of the files were there already", StringComparison.Ordinal));
        again.Targets[0].Snapshot.ShouldBeNull();
        again.Counters.BytesDone.ShouldBe(0);
    }

    [Fact]
    public async Task AFileThatSomebodyMovesTheMomentItHasItsNameIsStillKept()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        scene.OpenPlace = path => new SortedAtOnce(LocalFolders.Open(path), isPlace: true);

        await scene.UploadAsync();

        scene.OpenPlace = LocalFolders.Open;
        scene.Files().Keys.ShouldBe(["sorted.jpg"]);
        await scene.ScanAsync();
        (await scene.UploadAsync()).Targets[0].Snapshot.ShouldBeNull();
        scene.Files().Keys.ShouldBe(["sorted.jpg"]);
        Rsync.Differences(scene.Source(), await scene.RestoreAsync("phone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnEmptiedPhoneTakesNothingOutOfTheLibrary()
    {
        using var scene = new Scene();
        for (var i = 0; i < 150; i++)
            scene.Write($"{i}.jpg", $"picture {i}");
        await scene.UploadAsync();
        foreach (var file in Directory.GetFiles(scene.Source()))
            File.Delete(file);

        await scene.UploadAsync();

        scene.Files().Count.ShouldBe(150);
        Directory.GetFiles(await scene.RestoreAsync("phone")).Length.ShouldBe(150);
    }

    [Fact]
    public async Task WhatPeopleMovedIsNotSentAgain()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        scene.Write("b.jpg", "another");
        await scene.UploadAsync();
        Directory.CreateDirectory(scene.InLibrary("2026/holiday"));
        File.Move(scene.InLibrary("a.jpg"), scene.InLibrary("2026/holiday/beach.jpg"));
        scene.Write("a second name.jpg", "picture");

        var report = await scene.UploadAsync();

        report.Targets[0].Statistics.BytesAdded.ShouldBe(0);
        scene.Files().Keys.ShouldBe(["2026/holiday/beach.jpg", "b.jpg"]);
        Rsync.Differences(scene.Source(), await scene.RestoreAsync("phone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatPeopleDeletedComesBackUnlessItIsRemembered()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        scene.Write("b.jpg", "another");
        await scene.UploadAsync();
        File.Delete(scene.InLibrary("a.jpg"));
        await scene.UploadAsync();
        scene.Files().Keys.ShouldBe(["a.jpg", "b.jpg"]);

        await using (var library = await scene.OpenAsync())
            library.SetRemembersDeleted(true);
        File.Delete(scene.InLibrary("a.jpg"));
        scene.Write("the same again.jpg", "picture");
        var report = await scene.UploadAsync();
        scene.Files().Keys.ShouldBe(["b.jpg"]);
        report.Targets[0].Remarks.ShouldContain(r => r.Contains("deleted for good"));

        File.Delete(scene.InLibrary(".holdfast/library.db"));
        await scene.UploadAsync();
        scene.Files().Keys.ShouldBe(["b.jpg"]);

        await using (var library = await scene.OpenAsync())
            library.Undelete([.. library.Deleted().Select(d => d.Content)]);
        scene.Write("once more.jpg", "picture");
        await scene.UploadAsync();
        scene.Files().Values.ShouldBe(["another", "picture"], ignoreOrder: true);
    }

    [Fact]
    public async Task AnotherFileOfTheSameNameGetsANumber()
    {
        using var scene = new Scene();
        scene.Write("IMG_1.jpg", "mine");
        scene.Write("img_1.JPG", "yours", "laptop");
        scene.Write("sub", "a file", "laptop");
        scene.Write("sub/x", "in a folder");
        await scene.UploadAsync("laptop");

        await scene.UploadAsync();

        scene.Files().ShouldBe(new Dictionary<string, string> { ["IMG_1 (2).jpg"] = "mine", ["img_1.JPG"] = "yours", ["sub"] = "a file", ["sub (2)/x"] = "in a folder" });
        scene.Write("IMG_1.jpg", "mine, edited");
        await scene.UploadAsync();
        scene.Files().Values.ShouldContain("mine");
        scene.Files().Values.ShouldContain("mine, edited");
    }

    [Fact]
    public async Task ASymlinkInTheLibraryIsNoWayOut()
    {
        using var scene = new Scene();
        scene.Write("first", "1");
        await scene.UploadAsync();
        Directory.CreateDirectory(scene["outside"]);
        Command.Must("ln", "-s", scene["outside"], scene.InLibrary("DCIM"));
        scene.Write("DCIM/a.jpg", "picture");

        await scene.UploadAsync();

        Directory.GetFiles(scene["outside"]).ShouldBeEmpty();
        File.ReadAllText(scene.InLibrary("DCIM (2)/a.jpg")).ShouldBe("picture");
    }

    [Theory]
    [InlineData("con.txt", "_con.txt")]
    [InlineData("a<b>.txt", "a_b_.txt")]
    [InlineData("ends with a dot.", "ends with a dot_")]
    [InlineData(".holdfast/place.json", "_.holdfast/place.json")]
    [InlineData("deep/.holdfast", "deep/.holdfast")]
    [InlineData("two\nlines", "two_lines")]
    public async Task NamesThatSomeSystemCannotHoldAreMappedAndComeBackAsTheyWere(string name, string stored)
    {
        using var scene = new Scene();
        scene.Write(name, "x");

        await scene.UploadAsync();

        scene.Files().Keys.ShouldBe([stored]);
        File.ReadAllText(Path.Combine(await scene.RestoreAsync("phone"), name)).ShouldBe("x");
    }

    [Fact]
    public async Task NamesThatAreNotTextAndVeryLongOnesComeBackToo()
    {
        using var scene = new Scene();
        Command.Bash("cd \"$1\"; printf 1 > $'caf\\xe9.txt'; n=$(printf 'ä%.0s' {1..125}); printf 2 > $n.jpg; printf 3 > ${n}b.jpg", scene.Source());

        await scene.UploadAsync();
        await scene.UploadAsync();

        scene.Files().Count.ShouldBe(3);
        Rsync.Differences(scene.Source(), await scene.RestoreAsync("phone")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("été.jpg", "ÉTÉ.JPG")]
    [InlineData("STRASSE.jpg", "strasse.jpg")]
    public void NamesThatSomeSystemTakesForTheSameFoldToOne(string one, string other) =>
        LibraryName.Fold(EntryPath.From(one)).ShouldBe(LibraryName.Fold(EntryPath.From(other)));

    [Fact]
    public async Task ADryRunWritesNothing()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        (await scene.UploadAsync(options: new BackupOptions { DryRun = true })).Targets[0].Statistics.New.ShouldBeGreaterThan(0);
        Directory.Exists(scene.Place).ShouldBeFalse();
        await scene.UploadAsync();
        scene.Write("b.jpg", "another");
        var before = Command.Must("find", scene.Place, "-printf", "%p %T@ %s\n").Text;

        (await scene.UploadAsync(options: new BackupOptions { DryRun = true })).Targets[0].Statistics.New.ShouldBe(1);

        Command.Must("find", scene.Place, "-printf", "%p %T@ %s\n").Text.ShouldBe(before);
    }

    [Fact]
    public async Task AFolderThatIsNoLibraryIsRefused()
    {
        using var scene = new Scene();
        Directory.CreateDirectory(scene.Place);
        File.WriteAllText(scene.InLibrary("thesis.odt"), "mine");
        scene.Write("a.jpg", "picture");

        var refusal = await Should.ThrowAsync<HoldfastException>(() => scene.TryUploadAsync());

        refusal.Kind.ShouldBe(ErrorKind.NoPlace);
        scene.Files().Keys.ShouldBe(["thesis.odt"]);
    }

    [Fact]
    public async Task TwoProcessesOnOneLibraryAreKeptApart()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        await using var held = await scene.OpenAsync();

        (await Should.ThrowAsync<HoldfastException>(() => scene.TryUploadAsync())).Kind.ShouldBe(ErrorKind.Locked);
    }

    [Fact]
    public async Task AFileThatWasEditedInTheLibraryIsNotTakenForTheOneThatWasUploaded()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        // Same size, same mtime, same inode: only the ctime tells.
        Command.Bash("t=$(stat -c %.9Y \"$1\"); printf PICTURE 1<> \"$1\"; touch -d @$t \"$1\"", scene.InLibrary("a.jpg"));

        await using (var library = await scene.OpenAsync())
            (await library.AskAsync([ContentId.Parse(Scene.Hash("picture"))], TestContext.Current.CancellationToken))[0].Kind.ShouldBe(PresenceKind.Missing);
        await scene.UploadAsync();

        scene.Files().Values.ShouldBe(["PICTURE", "picture"], ignoreOrder: true);
    }

    /// <summary>A place where a picture is called "sorted.jpg" before anybody looks at it.</summary>
    private sealed class SortedAtOnce(IFolder inner, bool isPlace) : FolderDecorator(inner)
    {
        public override IFolder OpenFolder(EntryPath path) => new SortedAtOnce(Inner.OpenFolder(path), isPlace: false);

        public override void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace)
        {
            base.Rename(path, toFolder, toPath, replace);
            if (toFolder is SortedAtOnce { IsPlace: true } && toPath == EntryPath.From("a.jpg"))
                InnerOf(toFolder).Rename(toPath, InnerOf(toFolder), EntryPath.From("sorted.jpg"), replace: false);
        }

        private bool IsPlace => isPlace;
    }
}
