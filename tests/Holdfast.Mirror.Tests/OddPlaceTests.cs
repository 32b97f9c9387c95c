using Holdfast.Core.Engine;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>Mirrors on disks that lack hard links and more: every snapshot is exact all the same, and an unchanged run changes nothing.</summary>
public sealed class OddPlaceTests
{
    public static TheoryData<string> Disks => ["vfat", "exfat", "without hard links"];

    /// <summary>ext4 holds times up to 2446, FAT from 1980 on; those of reproducible builds are of 1970.</summary>
    [Theory]
    [InlineData("2500-01-01", false)]
    [InlineData("1900-01-01", false)]
    [InlineData("2500-01-01", true)]
    public async Task ATimeThatThePlaceCannotHoldIsNoReasonToCopyAFileAgain(string time, bool isUntracked)
    {
        using var disk = new TemporaryFolder("/var/tmp");
        using var scene = new Scene(Files.Memory, disk["place"]);
        if (isUntracked)
            scene.Options = new BackupOptions { Rules = new ScanRules { Include = RuleList.Parse([new RuleText("*")]) } };
        Command.Must("touch", "-d", time, scene.Write("file", "contents"));
        await scene.BackupAsync();

        var report = await scene.BackupAsync();

        report.Targets[0].Statistics.Changed.ShouldBe(0);
        report.Targets[0].Remarks.ShouldBeEmpty();
        using var snapshots = scene.Open();
        using var file = snapshots.Open(snapshots.Entries(snapshots.Snapshots[^1], EntryPath.From("file"), default).Single());
        file.Stat().Size.ShouldBe(8);
        scene.Findings().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task EverySnapshotIsExactAndComesBackWhole(string disk)
    {
        using var scene = new Scene(Files.Memory).On(Limits(disk));
        await ProveAsync(scene);
    }

    [Fact]
    public async Task TheSameOnARealExFatDisk()
    {
        using var disk = new LoopMount("exfat");
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        await ProveAsync(scene);

        disk.Unmount();
        disk.Mount();
        (await scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("mounted again, nothing changed");
        scene.Findings().ShouldBeEmpty();
    }

    /// <summary>fusefat 0.1a empties a folder that is renamed: whoever copied there would keep nothing.</summary>
    [Fact]
    public async Task AFileSystemThatLosesWhatItIsGivenIsRefused()
    {
        using var disk = new LoopMount("vfat", under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        scene.Write("a", "a");

        var refused = await Should.ThrowAsync<HoldfastException>(() => scene.TryBackupAsync());

        refused.Message.ShouldContain("loses what lies in a folder when that is renamed");
        Directory.Exists(scene.Mirror).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task NothingLiesInThePlaceTwice(string disk)
    {
        using var scene = new Scene(Files.Memory).On(Limits(disk));
        scene.Write("stays", "stays");
        scene.Write("changes", "first");
        scene.Write("goes", "goes");
        await scene.BackupAsync();
        FilesUnder(scene, "increments").ShouldBeEmpty();

        scene.Write("changes", "second!");
        File.Delete(scene.InSource("goes"));
        await scene.BackupAsync();

        FilesUnder(scene, "increments").ShouldBe(["000001/track/changes", "000001/track/goes"]);
        FilesUnder(scene, "mirror").ShouldBe(["changes", "stays"]);
    }

    [Fact]
    public async Task ATouchInTheMirrorCostsNoHistory()
    {
        using var scene = new Scene(Files.Memory).On(Restrictions.WithoutHardLinks);
        scene.Write("file", "first");
        await scene.BackupAsync();
        var before = TreeState.Read(scene.Source);
        File.SetLastWriteTimeUtc(scene.InMirror("file"), DateTime.UnixEpoch);
        scene.Write("file", "other");
        await scene.BackupAsync();

        using var snapshots = scene.Open();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[0], before).ShouldBeEmpty();
        scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatSomebodyEditedInTheMirrorIsKeptAndTheLossOfTheVersionIsNamed()
    {
        using var scene = new Scene(Files.Memory).On(Restrictions.WithoutHardLinks);
        scene.Write("file", "first");
        scene.Write("other", "other");
        await scene.BackupAsync();
        File.WriteAllText(scene.InMirror("file"), "edited by hand");
        File.WriteAllText(scene.InMirror("foreign"), "put there by hand");

        await scene.BackupAsync();

        FilesUnder(scene, "increments").ShouldBe(["000002/deleted/file", "000002/deleted/foreign"]);
        File.ReadAllText(scene.InMirror("file")).ShouldBe("first");
        scene.Findings().ShouldHaveSingleItem().ShouldContain("000001", Case.Sensitive, "the first snapshot's version was in mirror/ alone");
    }

    [Fact]
    public async Task AFileThatLeavesTheHistoryStaysInTheSnapshotsThatHaveIt()
    {
        using var scene = new Scene(Files.Memory).On(Restrictions.WithoutHardLinks);
        scene.Write("file", "first");
        scene.Write("other", "other");
        await scene.BackupAsync();
        var before = TreeState.Read(scene.Source);
        var without = new BackupOptions { Rules = new() { Include = Core.Sources.Rules.RuleList.Parse([new("*")]), Track = Core.Sources.Rules.RuleList.Parse([new("other")]) } };
        await scene.BackupAsync(without);
        scene.Write("file", "second");
        await scene.BackupAsync(without);

        using var snapshots = scene.Open();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[0], before).ShouldBeEmpty();
        scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AnHourOfDaylightSavingIsNoChange()
    {
        using var scene = new Scene(Files.Memory).On(Restrictions.Fat);
        scene.Write("file", "first");
        await scene.BackupAsync();
        foreach (var path in new[] { scene.InMirror("file"), scene.Mirror })
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddHours(1));

        var report = await scene.BackupAsync();

        report.Targets[0].Snapshot.ShouldBeNull();
        report.Targets[0].Mended.ShouldBe(0);
        scene.Findings().ShouldBeEmpty();
    }

    private static Restrictions Limits(string disk) => disk switch
    {
        "vfat" => Restrictions.Fat,
        "exfat" => Restrictions.ExFat,
        _ => Restrictions.WithoutHardLinks,
    };

    private static async Task ProveAsync(Scene scene)
    {
        var then = new List<TreeState>();
        Build(scene);
        await BackupAsync();
        Change(scene);
        await BackupAsync();
        ChangeAgain(scene);
        await BackupAsync();
        await scene.Target.ForgetAsync(all => [all[1]], "test", TimeSpan.Zero, CancellationToken.None);
        then.RemoveAt(1);
        Check();

        async Task BackupAsync()
        {
            await scene.BackupAsync(new BackupOptions { AllowDeletions = true });
            then.Add(TreeState.Read(scene.Source));
            var unchanged = await scene.BackupAsync();
            unchanged.Targets[0].Snapshot.ShouldBeNull("nothing changed");
            unchanged.Counters.BytesDone.ShouldBe(0);
            unchanged.Targets[0].Remarks.ShouldBeEmpty("nothing is said of what was not touched");
            Check();
        }

        void Check()
        {
            Command.Must("diff", "-rq", "--exclude=link", "--exclude=fifo", scene.Source, scene.Mirror);
            using var snapshots = scene.Open();
            snapshots.Snapshots.Count.ShouldBe(then.Count);
            for (var i = 0; i < then.Count; i++)
                SnapshotState.Differences(snapshots, snapshots.Snapshots[i], then[i]).ShouldBeEmpty($"snapshot {i + 1} of {then.Count}");
            scene.Findings().ShouldBeEmpty();
            var damaged = new List<Core.Targets.CheckFinding>();
            scene.Target.VerifyAsync(new Core.Targets.VerifyOptions { Purpose = "test" }, damaged.Add, new Core.Targets.VerifyCounters(), CancellationToken.None).GetAwaiter().GetResult();
            damaged.ShouldBeEmpty("everything is read back where it lies");
            var to = scene.Temporary[$"restored-{Guid.NewGuid():N}"];
            var report = new Restore(snapshots, TimeProvider.System, LocalFolders.Open).RunAsync(snapshots.Snapshots[^1], new RestoreOptions { To = to }, new RestoreCounters(), CancellationToken.None).GetAwaiter().GetResult();
            report.Counters.Failures.ShouldBeEmpty();
            Rsync.Differences(scene.Source, to).ShouldBeEmpty();
        }
    }

    private static void Build(Scene scene)
    {
        scene.Write("a", "a file with two names");
        Files.Link(scene.InSource("a"), scene.InSource("folder/b"));
        scene.Write("folder/deeper/file", "some contents");
        scene.Write("folder/goes", "goes");
        scene.Write("old name", "renamed");
        scene.Write("touched", "only its time changes");
        scene.Write("Straße/größer", "names");
        scene.Write("to folder", "file");
        scene.Write("to file/inside", "inside");
        Directory.CreateDirectory(scene.InSource("empty"));
        File.CreateSymbolicLink(scene.InSource("link"), "touched");
        Command.Must("mkfifo", scene.InSource("fifo"));
        Command.Must("chmod", "0600", scene.InSource("touched"));
        Command.Must("chmod", "0711", scene.InSource("folder"));
        Command.Must("touch", "-d", "@1700000001.123456789", scene.InSource("touched"));
    }

    private static void Change(Scene scene)
    {
        scene.Write("a", "a file with two names, edited");
        File.Delete(scene.InSource("folder/goes"));
        File.Move(scene.InSource("old name"), scene.InSource("folder/new name"));
        Command.Must("touch", "-d", "@1710000001.5", scene.InSource("touched"));
        File.Delete(scene.InSource("to folder"));
        scene.Write("to folder/new", "new");
        Directory.Delete(scene.InSource("to file"), recursive: true);
        scene.Write("to file", "a file now");
        File.Delete(scene.InSource("link"));
        File.CreateSymbolicLink(scene.InSource("link"), "elsewhere");
    }

    private static void ChangeAgain(Scene scene)
    {
        File.Delete(scene.InSource("a"));
        scene.Write("folder/goes", "is there again");
        File.Delete(scene.InSource("link"));
        scene.Write("link", "a file");
        Command.Must("rm", scene.InSource("link"), scene.InSource("fifo"));
        Command.Must("chmod", "0640", scene.InSource("touched"));
        scene.Write("folder/deeper/file", "other contents");
    }

    private static IEnumerable<string> FilesUnder(Scene scene, string folder) =>
        Directory.GetFiles(Path.Combine(scene.Place, folder), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Path.Combine(scene.Place, folder), f))
            .Where(f => !f.EndsWith(".gz", StringComparison.Ordinal) && !f.EndsWith(".json", StringComparison.Ordinal))
            .Select(f => System.Text.RegularExpressions.Regex.Replace(f, "-[0-9TZ]+/", "/"))
            .Order(StringComparer.Ordinal);
}
