using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;
using Holdfast.Testing.Trees;

namespace Holdfast.Core.Tests.PowerLoss;

public sealed class PowerLossReplayerTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void AFileRenamedOverItsPredecessorWithoutABarrierIsCaughtLosingBoth()
    {
        var recording = Start(("a", "old"));
        using (var folder = recording.Open(_temporary["disk"]))
        {
            Write(folder, "a.tmp", "new!");
            folder.Rename(Path("a.tmp"), folder, Path("a"), replace: true);
        }

        var contents = Contents(recording, "a");

        contents.ShouldContain("old");
        contents.ShouldContain("new!");
        contents.ShouldContain("", "delayed allocation leaves an empty file");
        contents.ShouldContain("\0\0\0\0", "the size may come before the bytes");
    }

    [Fact]
    public void AFileRenamedOverItsPredecessorAfterABarrierIsAlwaysOneOfBoth()
    {
        var recording = Start(("a", "old"));
        using (var folder = recording.Open(_temporary["disk"]))
        {
            Write(folder, "a.tmp", "new!");
            folder.Barrier();
            folder.Rename(Path("a.tmp"), folder, Path("a"), replace: true);
        }

        Contents(recording, "a").ShouldBe(["old", "new!"], ignoreOrder: true);
    }

    [Fact]
    public void AFileSyncedByItselfBeforeItsRenameIsAlwaysOneOfBoth()
    {
        var recording = Start(("a", "old"));
        using (var folder = recording.Open(_temporary["disk"]))
        {
            Write(folder, "a.tmp", "new!", sync: true);
            folder.Rename(Path("a.tmp"), folder, Path("a"), replace: true);
        }

        Contents(recording, "a").ShouldBe(["old", "new!"], ignoreOrder: true);
    }

    [Fact]
    public void APromiseAfterTheRenamesBarrierHoldsAndOneBeforeItDoesNot()
    {
        var recording = Start(("a", "old"));
        using (var folder = recording.Open(_temporary["disk"]))
        {
            Write(folder, "a.tmp", "new!");
            folder.Barrier();
            folder.Rename(Path("a.tmp"), folder, Path("a"), replace: true);
            recording.Log.Mark("too early");
            folder.Barrier();
            recording.Log.Mark("committed");
        }

        var cases = new PowerLossReplayer(recording.Log).Cases(RandomSeed.Next()).ToList();

        cases.Where(c => c.Promises.Contains("too early")).ShouldContain(c => Text(c.Image, "a") == "old");
        cases.Where(c => c.Promises.Contains("committed")).ShouldAllBe(c => Text(c.Image, "a") == "new!");
        cases.ShouldContain(c => c.Promises.Contains("committed"));
    }

    [Fact]
    public void OnlyTheFoldersSyncMakesANameDurable()
    {
        var recording = Start();
        using (var folder = recording.Open(_temporary["disk"]))
        {
            Write(folder, "file synced", "x", sync: true);
            Write(folder, "folder synced", "y", sync: true);
            folder.Remove(Path("file synced"));
            Write(folder, "file synced", "x", sync: true);
        }
        var withoutFolder = new PowerLossReplayer(recording.Log);
        withoutFolder.After(withoutFolder.Count, PowerLossPolicy.NoneKept).Paths().ShouldBeEmpty();

        using (var folder = recording.Open(_temporary["disk"]))
            folder.SyncFolder(EntryPath.Root);
        var withFolder = new PowerLossReplayer(recording.Log);
        Text(withFolder.After(withFolder.Count, PowerLossPolicy.NoneKept), "folder synced").ShouldBe("y");
        Text(withFolder.After(withFolder.Count, PowerLossPolicy.NoneKept), "file synced").ShouldBe("x");
    }

    [Fact]
    public void WhatLiesInAFolderWhoseNameWasLostIsLost()
    {
        var recording = Start();
        using (var folder = recording.Open(_temporary["disk"]))
        {
            folder.CreateFolder(Path("new"), 0x1ed);
            Write(folder, "new/file", "x", sync: true);
            folder.SyncFolder(Path("new"));
        }
        var replayer = new PowerLossReplayer(recording.Log);

        replayer.After(replayer.Count, PowerLossPolicy.NoneKept).Exists("new").ShouldBeFalse();
        Text(replayer.After(replayer.Count, PowerLossPolicy.AllKept), "new/file").ShouldBe("x");
    }

    [Fact]
    public void BytesBelongToTheFileAndNotToItsName()
    {
        var recording = Start();
        using (var folder = recording.Open(_temporary["disk"]))
        {
            using (var writer = folder.CreateFile(Path("before"), 0x1a4))
            {
                folder.Link(Path("before"), folder, Path("second"));
                folder.Rename(Path("before"), folder, Path("after"), replace: false);
                writer.Write(0, "late"u8);
            }
            folder.Remove(Path("second"));
        }
        var replayer = new PowerLossReplayer(recording.Log);

        var all = replayer.After(replayer.Count, PowerLossPolicy.AllKept);
        Text(all, "after").ShouldBe("late");
        all.Exists("before").ShouldBeFalse();
        var beforeTheRemoval = replayer.After(replayer.Count - 1, PowerLossPolicy.AllKept);
        Text(beforeTheRemoval, "second").ShouldBe("late");
    }

    [Fact]
    public void AnOpenFolderIsFollowedWhenItIsRenamed()
    {
        var recording = Start();
        using (var folder = recording.Open(_temporary["disk"]))
        {
            folder.CreateFolder(Path("build.tmp"), 0x1ed);
            using var build = folder.OpenFolder(Path("build.tmp"));
            folder.Rename(Path("build.tmp"), folder, Path("final"), replace: false);
            Write(build, "late", "x");
        }
        var replayer = new PowerLossReplayer(recording.Log);

        Text(replayer.After(replayer.Count, PowerLossPolicy.AllKept), "final/late").ShouldBe("x");
    }

    [Fact]
    public void TheImageOfAWholeRunIsTheDiskItself()
    {
        TortureTree.Build(_temporary["disk"], seed: 7);
        var recording = new Recording(_temporary["disk"]);
        var seed = RandomSeed.Next();
        using (var folder = recording.Open(_temporary["disk"]))
            RandomChanges.Make(folder, new Random(seed), 300);

        var replayer = new PowerLossReplayer(recording.Log);
        replayer.Count.ShouldBeGreaterThan(200);
        replayer.After(replayer.Count, PowerLossPolicy.AllKept).WriteTo(_temporary["copy"]);

        // What was written to or had names changed has the time of that moment, which an image does not know.
        TreeState.Differences(TreeState.Read(_temporary["disk"]), TreeState.Read(_temporary["copy"]), "mtime").ShouldBeEmpty();
    }

    [Fact]
    public void TheImageOfAnUntouchedTreeIsTheTreeToTheNanosecond()
    {
        TortureTree.Build(_temporary["disk"], seed: 8);
        var recording = new Recording(_temporary["disk"]);

        recording.Log.Start.WriteTo(_temporary["copy"]);

        Rsync.Differences(_temporary["disk"], _temporary["copy"]).ShouldBeEmpty();
        TreeState.Differences(TreeState.Read(_temporary["disk"]), TreeState.Read(_temporary["copy"])).ShouldBeEmpty();
    }

    [Fact]
    public void EveryCutOfARandomRunCanBeMaterialised()
    {
        var recording = Start(("a", "1"), ("b/c", "2"));
        var seed = RandomSeed.Next();
        using (var folder = recording.Open(_temporary["disk"]))
            RandomChanges.Make(folder, new Random(seed), 60);

        var number = 0;
        foreach (var c in new PowerLossReplayer(recording.Log).Cases(seed, every: 7))
        {
            var copy = _temporary[$"copy{number++}"];
            c.Image.WriteTo(copy);
            var there = TreeStateOf(copy);
            there.ShouldBe(c.Image.Paths().Select(p => p.Path.ToString()), c.ToString());
        }
        number.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void ALogGivesThousandsOfDifferentDisks()
    {
        var recording = Start();
        using (var folder = recording.Open(_temporary["disk"]))
            for (var i = 0; i < 400; i++)
                Write(folder, $"file {i}", "content");

        new PowerLossReplayer(recording.Log).Cases(1, randomPerCut: 1).Count().ShouldBeGreaterThan(2500);
    }

    private static IEnumerable<string> TreeStateOf(string path)
    {
        using var folder = LocalFolders.Open(path);
        return [.. DiskImage.Of(folder).Paths().Select(p => p.Path.ToString())];
    }

    private Recording Start(params (string Path, string Text)[] files)
    {
        _temporary.Folder("disk");
        foreach (var (path, text) in files)
            _temporary.File("disk/" + path, text);
        return new Recording(_temporary["disk"]);
    }

    private static HashSet<string> Contents(Recording recording, string path) =>
        [.. new PowerLossReplayer(recording.Log).Cases(RandomSeed.Next(), randomPerCut: 50).Select(c => Text(c.Image, path))];

    private static string Text(DiskImage image, string path) => image.Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : "(gone)";

    private static void Write(IFolder folder, string path, string text, bool sync = false)
    {
        using var writer = folder.CreateFile(Path(path), 0x1a4);
        writer.Write(0, Encoding.UTF8.GetBytes(text));
        if (sync)
            writer.Sync();
    }

    private static EntryPath Path(string text) => EntryPath.From(text);
}
