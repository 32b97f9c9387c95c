using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Library.Syncing;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Library.Tests.Syncing;

/// <summary>What a sync must never do.</summary>
public sealed class SyncSafetyTests
{
    [Theory]
    [InlineData("base")]
    [InlineData("folder's id")]
    [InlineData("folder set back")]
    [InlineData("library set back")]
    [InlineData("another library")]
    public async Task WithoutALastCommonStateNothingIsDeleted(string lost)
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "b", "two");
        await scene.SyncAsync("laptop");
        Command.Must("cp", "-a", scene["laptop"], scene["older laptop"]);
        Command.Must("cp", "-a", scene["library"], scene["older library"]);
        scene.Write("laptop", "c", "three");
        await scene.SyncAsync("laptop");
        switch (lost)
        {
            case "base":
                Directory.Delete(scene["state of laptop"], recursive: true);
                scene.Delete("laptop", "a");
                break;
            case "folder's id":
                File.Delete(scene["laptop/.holdfast/folder-id"]);
                scene.Delete("laptop", "a");
                break;
            case "folder set back":
                Directory.Delete(scene["laptop"], recursive: true);
                Directory.Move(scene["older laptop"], scene["laptop"]);
                break;
            case "library set back":
                Directory.Delete(scene["library"], recursive: true);
                Directory.Move(scene["older library"], scene["library"]);
                break;
            default:
                scene.Library = "other";
                scene.Init("other");
                scene.Write("other", "d", "four");
                break;
        }

        await scene.SyncAsync("laptop");

        scene.Files("laptop").Keys.ShouldBe(lost == "another library" ? ["a", "b", "c", "d"] : ["a", "b", "c"]);
        scene.Files(scene.Library).ShouldBe(scene.Files("laptop"));
        scene.Delete("laptop", "b");
        await scene.SyncAsync("laptop");
        scene.Files(scene.Library).Keys.ShouldNotContain("b");
    }

    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    public async Task AfterARunThatWasCutOffBeforeTheMarksALibrarySetBackDeletesNothing(string run)
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        if (run == "second")
            await scene.SyncAsync("laptop");
        scene.Write("laptop", "b", "two");
        Command.Must("cp", "-a", scene["library"], scene["older library"]);
        var plan = new FaultPlan().Fail(FolderOperation.Rename, Errno.NoSpace, p => p.ToString().Contains("syncs/", StringComparison.Ordinal));
        scene.OpenLibrary = plan.Open;
        (await scene.TrySyncAsync("laptop")).Targets[0].Failure.ShouldNotBeNull();
        scene.OpenLibrary = null;
        await scene.SyncAsync("laptop"); // Nothing is left to do but the marks.
        Directory.Delete(scene["library"], recursive: true);
        Directory.Move(scene["older library"], scene["library"]);

        await scene.SyncAsync("laptop", new SyncOptions { AllowDeletions = true });

        scene.Files("laptop").Keys.ShouldBe(["a", "b"]);
        scene.Files("library").ShouldBe(scene.Files("laptop"));
    }

    [Theory]
    [InlineData("linked")]
    [InlineData("copied")]
    public async Task AFileThatIsEditedInPlaceIsNotTakenForWhatItHeld(string how)
    {
        using var scene = new SyncScene();
        var origin = scene.Write("library", "a", "picture");
        File.SetLastWriteTimeUtc(origin, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await scene.SyncAsync("laptop");
        File.Copy(scene["laptop/a"], scene["laptop/b"]);
        var plan = new FaultPlan();
        if (how == "copied")
            plan.OnRead(p => p == EntryPath.From("a"), 1, () => File.WriteAllText(origin, "PICTURE"));
        scene.OpenLibrary = how == "copied"
            ? path => plan.Around(new RestrictedFolder(LocalFolders.Open(path), Restrictions.WithoutHardLinks))
            : path => new EditedAtBarriers(LocalFolders.Open(path), () => File.WriteAllText(origin, "PICTURE"));

        await scene.TrySyncAsync("laptop");
        scene.OpenLibrary = null;
        await scene.TrySyncAsync("laptop");

        scene.Files("library").ShouldBe(new Dictionary<string, string> { ["a"] = "PICTURE", ["b"] = "picture" }, ignoreOrder: true);
        scene.Files("laptop").ShouldBe(scene.Files("library"));
    }

    [Fact]
    public async Task AFolderThatIsEmptyOrGoneEmptiesNoLibrary()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        await scene.SyncAsync("laptop");

        scene.Delete("laptop", "a");
        (await scene.TrySyncAsync("laptop")).Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("Is its disk mounted?");
        Directory.Delete(scene["laptop"], recursive: true);
        Directory.CreateDirectory(scene["laptop"]); // The empty folder below the mount point.
        (await scene.TrySyncAsync("laptop")).Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("Is its disk mounted?");
        scene.Files("library").Keys.ShouldBe(["a"]);

        await scene.SyncAsync("laptop", new SyncOptions { AllowDeletions = true });
        scene.Files("laptop").Keys.ShouldBe(["a"]);
    }

    [Fact]
    public async Task ALibraryThatIsEmptyEmptiesNoFolder()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        await scene.SyncAsync("laptop");
        File.Delete(scene["library/a"]);
        foreach (var file in Directory.GetFiles(scene["library/.holdfast"], "library.db*"))
            File.Delete(file); // So that the scan does not know that anything is gone.

        (await scene.TrySyncAsync("laptop")).Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("is empty, but");

        scene.Files("laptop").Keys.ShouldBe(["a"]);
        await scene.SyncAsync("laptop", new SyncOptions { AllowDeletions = true });
        scene.Files("laptop").ShouldBeEmpty();
        scene.Trash("laptop").ShouldBe(["a=one"]);
    }

    [Theory]
    [InlineData("laptop")]
    [InlineData("library")]
    public async Task TheBrakeStopsManyDeletionsOnEitherSide(string side)
    {
        using var scene = new SyncScene();
        for (var i = 0; i < 150; i++)
            scene.Write("laptop", $"d/{i}", $"picture {i}");
        await scene.SyncAsync("laptop");
        for (var i = 0; i < 120; i++)
            scene.Delete(side, $"d/{i}");

        var stopped = await scene.TrySyncAsync("laptop");

        stopped.Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("max_delete");
        scene.Files(side == "laptop" ? "library" : "laptop").Count.ShouldBe(150);
        await scene.SyncAsync("laptop", new SyncOptions { AllowDeletions = true });
        scene.Files("laptop").Count.ShouldBe(30);
        scene.Files("library").Count.ShouldBe(30);
    }

    [Fact]
    public async Task WhatIsLeftOutOrUnknownIsNeverDeleted()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "kept/a", "one");
        scene.Write("laptop", "cache/b", "two");
        scene.Write("laptop", "flagged/c", "three");
        await scene.SyncAsync("laptop");
        scene.Write("laptop", "flagged/.nosync", "");
        scene.Write("library", "cache/from elsewhere", "four");
        File.Delete(scene["laptop/cache/b"]);
        var options = new SyncOptions { Rules = new ScanRules { Exclude = RuleList.Parse([new RuleText("cache/")]), ExcludeIfPresent = [".nosync"] } };

        await scene.SyncAsync("laptop", options);
        await scene.SyncAsync("laptop", options);

        scene.Files("library").Keys.ShouldBe(["cache/b", "cache/from elsewhere", "flagged/c", "kept/a"]);
        scene.Files("laptop").Keys.ShouldBe(["flagged/.nosync", "flagged/c", "kept/a"]);
    }

    [Fact]
    public async Task WhatLiesOnADiskThatIsNotMountedIsNotDeleted()
    {
        Peer.RequireRoot();
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        var at = Directory.CreateDirectory(scene["laptop/card"]).FullName;
        Command.Must("mount", "-t", "tmpfs", "none", at);
        try
        {
            scene.Write("laptop", "card/b", "two");
            await scene.SyncAsync("laptop");
            Command.Must("umount", at);
            for (var run = 1; run <= 2; run++)
                (await scene.TrySyncAsync("laptop")).Counters.Failures.ShouldHaveSingleItem().Reason.ShouldContain("is not there");
            scene.Files("library").Keys.ShouldBe(["a", "card/b"]);
            scene.Files("laptop").Keys.ShouldBe(["a"]);

            Command.Must("mount", "-t", "tmpfs", "none", at);
            scene.Write("laptop", "card/b", "two");
            scene.Write("laptop", "card/c", "three");
            await scene.SyncAsync("laptop");
            scene.Delete("laptop", "card/c");
            await scene.SyncAsync("laptop");
            scene.Files("library").Keys.ShouldBe(["a", "card/b"]);
        }
        finally
        {
            Command.Run("umount", ["--lazy", at]);
        }
        await scene.SyncAsync("laptop", new SyncOptions { AllowDeletions = true });
        scene.Files("library").Keys.ShouldBe(["a"]);
    }

    [Fact]
    public async Task WhatADiskIsMountedOverIsNotDeleted()
    {
        Peer.RequireRoot();
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "card/b", "two");
        await scene.SyncAsync("laptop");
        Command.Must("mount", "-t", "tmpfs", "none", scene["laptop/card"]);
        try
        {
            for (var run = 1; run <= 2; run++)
                (await scene.TrySyncAsync("laptop")).Counters.Failures.ShouldHaveSingleItem().Reason.ShouldContain("mounted over");
            scene.Files("library").Keys.ShouldBe(["a", "card/b"]);
        }
        finally
        {
            Command.Run("umount", ["--lazy", scene["laptop/card"]]);
        }
        await scene.SyncAsync("laptop");
        scene.Files("library").ShouldBe(scene.Files("laptop"));
    }

    [Fact]
    public async Task NothingIsWrittenThroughASymlink()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        await scene.SyncAsync("laptop");
        Directory.CreateDirectory(scene["elsewhere"]);
        File.CreateSymbolicLink(scene["laptop/d"], scene["elsewhere"]);
        scene.Write("library", "d/x", "two");

        var report = await scene.TrySyncAsync("laptop");

        Directory.GetFiles(scene["elsewhere"]).ShouldBeEmpty();
        report.Counters.Failures.ShouldContain(f => f.Path.ToString() == "d/x");
        scene.Files("library").Keys.ShouldContain("d/x");
    }

    [Fact]
    public async Task AFileThatIsChangedWhileTheSyncIsAtWorkIsNotReplaced()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "b", "two");
        await scene.SyncAsync("laptop");
        scene.Write("library", "a", "from the library");
        scene.Delete("library", "b");
        var plan = new FaultPlan();
        scene.OpenLibrary = plan.Open;
        // The library is read when the folder was scanned.
        plan.OnRead(p => p == EntryPath.From("a"), 2, () =>
        {
            scene.Write("laptop", "a", "edited meanwhile");
            scene.Write("laptop", "b", "this one too");
        });

        var report = await scene.TrySyncAsync("laptop");
        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["a", "b"], ignoreOrder: true);
        scene.Files("laptop")["a"].ShouldBe("edited meanwhile");
        scene.Files("laptop")["b"].ShouldBe("this one too");
        await scene.SyncAsync("laptop");

        scene.Files("laptop").Values.ShouldBe(["edited meanwhile", "from the library", "this one too"], ignoreOrder: true);
        scene.Files("library").ShouldBe(scene.Files("laptop"));
    }

    [Fact]
    public async Task WhatCannotBePutUnderItsNewPathStaysUnderItsOldOne()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "old", "picture");
        scene.Write("laptop", "new", "another");
        await scene.SyncAsync("laptop");
        File.Move(scene["laptop/old"], scene["laptop/new"], overwrite: true);
        scene.OpenLibrary = path => new EditedAtBarriers(LocalFolders.Open(path), () => File.WriteAllText(scene["library/new"], "edited there"));

        (await scene.TrySyncAsync("laptop")).Counters.Failures.ShouldContain(f => f.Path.ToString() == "new");
        scene.Files("library").Values.ShouldContain("picture");

        scene.OpenLibrary = null;
        await scene.SyncAsync("laptop");
        scene.Files("library").Values.ShouldBe(["edited there", "picture"], ignoreOrder: true);
        scene.Files("laptop").ShouldBe(scene.Files("library"));
    }

    [Fact]
    public async Task NamesThatTheLibraryCannotHoldAreNamed()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "what?.txt", "one");
        scene.Write("laptop", "Readme", "two");
        scene.Write("laptop", "README", "three");
        var report = await scene.TrySyncAsync("laptop");

        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["Readme", "what?.txt"], ignoreOrder: true);
        scene.Files("library").Keys.ShouldBe(["README"]);
        scene.Files("laptop").Count.ShouldBe(3);
        await scene.TrySyncAsync("laptop");
        scene.Files("laptop").Count.ShouldBe(3);
    }

    [Fact]
    public async Task ACopiedFolderIsAnotherFolder()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "b", "two");
        await scene.SyncAsync("laptop");
        Command.Must("cp", "-a", scene["laptop"], scene["phone"]);
        Command.Must("cp", "-a", scene["state of laptop"], scene["state of phone"]);

        scene.Delete("phone", "a");
        await scene.SyncAsync("phone");
        scene.Files("phone").Keys.ShouldBe(["a", "b"]); // Nobody knows whether it ever had it.
        scene.Delete("phone", "a");
        await scene.SyncAsync("phone");
        await scene.SyncAsync("laptop");

        scene.Files("laptop").Keys.ShouldBe(["b"]);
    }

    [Fact]
    public async Task TheTrashIsEmptiedAfterThirtyDaysAndThreeGoodRuns()
    {
        using var scene = new SyncScene();
        var time = new MovedTime();
        scene.Time = time;
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "b", "two");
        await scene.SyncAsync("laptop");
        scene.Delete("laptop", "a");
        scene.Delete("library", "b");
        scene.Write("laptop", "c", "three");
        await scene.SyncAsync("laptop");
        scene.Trash("library").ShouldBe(["a=one"]);

        time.Moved = TimeSpan.FromDays(31);
        for (var run = 1; run <= 2; run++)
            await scene.SyncAsync("laptop");
        scene.Trash("library").ShouldBe(["a=one"]);
        scene.Trash("laptop").ShouldBe(["b=two"]);
        await scene.SyncAsync("laptop");

        scene.Trash("library").ShouldBeEmpty();
        scene.Trash("laptop").ShouldBeEmpty();
    }

    [Fact]
    public async Task ADiskWithoutHardLinksAndInodesWillDo()
    {
        using var scene = new SyncScene();
        scene.Open = path => new RestrictedFolder(Holdfast.Core.FileSystem.LocalFolders.Open(path), Restrictions.Fat);
        scene.Write("laptop", "a", "one");
        scene.Write("laptop", "b", "one");
        await scene.SyncAsync("laptop");
        await scene.SyncAsync("phone");
        scene.Write("phone", "a", "edited");
        scene.Move("phone", "b", "c");
        await scene.SyncAsync("phone");
        await scene.SyncAsync("laptop");

        scene.Files("laptop").ShouldBe(new Dictionary<string, string> { ["a"] = "edited", ["c"] = "one" }, ignoreOrder: true);
        scene.Files("library").ShouldBe(scene.Files("laptop"));
        scene.Trash("laptop").ShouldBe(["a=one"]);
    }

    [Fact]
    public async Task ADryRunWritesNothing()
    {
        using var scene = new SyncScene();
        scene.Write("laptop", "a", "one");
        await scene.SyncAsync("laptop");
        scene.Write("laptop", "b", "two");
        scene.Write("library", "c", "three");
        var planned = new List<string>();

        var report = await scene.SyncAsync("laptop", new SyncOptions { DryRun = true, OnPlanned = a => planned.Add($"{a.Side} {a.Kind} {a.Path}") });

        planned.ShouldBe(["Library Put b", "Folder Put c"]);
        report.Targets[0].Statistics.New.ShouldBe(1);
        scene.Files("laptop").Keys.ShouldBe(["a", "b"]);
        scene.Files("library").Keys.ShouldBe(["a", "c"]);
    }

    /// <summary>Somebody edits a file whenever everybody waits for the disk.</summary>
    private sealed class EditedAtBarriers(IFolder inner, Action edit) : FolderDecorator(inner)
    {
        public override IFolder OpenFolder(EntryPath path) => new EditedAtBarriers(Inner.OpenFolder(path), edit);

        public override void Barrier()
        {
            edit();
            Inner.Barrier();
        }
    }

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Moved;
    }
}
