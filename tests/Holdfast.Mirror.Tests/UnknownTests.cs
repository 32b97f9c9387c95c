using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>Promise 5: what could not be seen is unknown, and unknown is not deleted.</summary>
public sealed class UnknownTests : IDisposable
{
    private static readonly BackupOptions Allowed = new() { AllowDeletions = true };

    private readonly Scene _scene = new(Files.Memory);

    public void Dispose()
    {
        foreach (var mount in _mounts.Where(Directory.Exists))
            Command.Run("umount", ["--lazy", mount]);
        _scene.Dispose();
    }

    private static bool IsBad(EntryPath path) => path.IsAtOrUnder(EntryPath.From("bad"));

    public static TheoryData<FolderOperation, int> SourceFaults => new MatrixTheoryData<FolderOperation, int>(
        [FolderOperation.OpenFolder, FolderOperation.List, FolderOperation.Stat, FolderOperation.ReadAttributes, FolderOperation.OpenFile, FolderOperation.Read, FolderOperation.ReadSymlink],
        [1, 4]);

    [Theory]
    [MemberData(nameof(SourceFaults))]
    public async Task WhatCannotBeReadStaysAsItWas(FolderOperation operation, int workers)
    {
        var options = new BackupOptions { Workers = workers };
        _scene.Write("bad/deeper/file", "precious");
        _scene.Write("bad/file", "precious too");
        File.CreateSymbolicLink(_scene.InSource("bad/link"), "target");
        _scene.Write("good", "fine");
        await _scene.BackupAsync(options);
        var before = TreeState.Read(_scene.Mirror);
        var faults = new FaultPlan().Fail(operation, Errno.InputOutput, IsBad);
        _scene.OpenSource = faults.Open;
        // Everything changed, so that everything is to be read.
        _scene.Write("bad/deeper/file", "changed");
        _scene.Write("bad/file", "changed as well");
        File.Delete(_scene.InSource("bad/link"));
        File.CreateSymbolicLink(_scene.InSource("bad/link"), "other target");
        _scene.Write("good", "better");

        var report = await _scene.TryBackupAsync(options);

        report.Targets[0].Failure.ShouldBeNull();
        report.IsComplete.ShouldBeFalse("the run exits 3");
        report.Counters.Failures.ShouldContain(f => f.Path.IsAtOrUnder(EntryPath.From("bad")) && f.Reason.Contains("Input/output error"));
        File.ReadAllText(_scene.InMirror("good")).ShouldBe("better");
        var after = TreeState.Read(_scene.Mirror);
        before.Entries.Keys.Except(after.Entries.Keys).ShouldBeEmpty("nothing disappears");
        if (operation is not (FolderOperation.ReadSymlink or FolderOperation.ReadAttributes))
            TreeState.Differences(before, after, ["mtime"]).Where(d => !d.StartsWith("good:", StringComparison.Ordinal) && !d.StartsWith("bad/link", StringComparison.Ordinal)).ShouldBeEmpty();
        _scene.Findings().ShouldBeEmpty();

        faults.Heal();
        await _scene.BackupAsync(options);
        _scene.MirrorShouldBeTheSource("healed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ANewFolderWhoseAttributesCannotBeReadIsStillMade(int workers)
    {
        var options = new BackupOptions { Workers = workers };
        _scene.Write("good", "fine");
        await _scene.BackupAsync(options);
        _scene.Write("bad/file", "new");
        _scene.OpenSource = new FaultPlan().Fail(FolderOperation.ReadAttributes, Errno.InputOutput, path => path.ToString() == "bad").Open;

        var report = await _scene.TryBackupAsync(options);

        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.ShouldContain(f => f.Path.ToString() == "bad");
        File.ReadAllText(_scene.InMirror("bad/file")).ShouldBe("new");
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AttributesThatCannotBeReadAreNotForgotten()
    {
        _scene.Write("bad", "x");
        Command.Must("setfattr", "-n", "user.mark", "-v", "precious", _scene.InSource("bad"));
        await _scene.BackupAsync();
        Command.Must("chmod", "0600", _scene.InSource("bad"));
        _scene.OpenSource = new FaultPlan().Fail(FolderOperation.ReadAttributes, Errno.InputOutput, IsBad).Open;

        var report = await _scene.TryBackupAsync();

        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["bad"]);
        TreeState.Read(_scene.Mirror).Entries["bad"].ShouldContainKey("xattr user.mark");
        using var snapshots = _scene.Open();
        SnapshotState.Of(snapshots, snapshots.Snapshots[^1]).Entries["bad"].ShouldContainKey("xattr user.mark");
    }

    [Fact]
    public async Task AFolderThatAnOrdinaryUserMayNotReadKeepsItsCopy()
    {
        Peer.Require("setfacl");
        _scene.Write("closed/file", "precious");
        _scene.Write("gone/file", "x");
        await _scene.BackupAsync();
        _scene.OpenSource = new FaultPlan()
            .Fail(FolderOperation.OpenFolder, Errno.AccessDenied, path => path.ToString() == "closed").Open;
        Directory.Delete(_scene.InSource("gone"), recursive: true);

        var report = await _scene.TryBackupAsync();

        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["closed"]);
        File.ReadAllText(_scene.InMirror("closed/file")).ShouldBe("precious");
        Directory.Exists(_scene.InMirror("gone")).ShouldBeFalse("the system itself says that it is gone");
    }

    [Fact]
    public async Task ANestedMountThatGoesAwayKeepsItsCopy()
    {
        using var disk = new LoopMount();
        var at = MountInSource(disk);
        File.WriteAllText(Path.Combine(at, "file"), "precious");
        await _scene.BackupAsync();
        disk.Unmount();
        Command.Must("umount", at);

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["mnt/disk"]);
        File.ReadAllText(_scene.InMirror("mnt/disk/file")).ShouldBe("precious");

        await _scene.BackupAsync(Allowed);
        Directory.Exists(_scene.InMirror("mnt/disk/lost+found")).ShouldBeFalse();
        _scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task ANestedMountWhoseFolderIsGoneKeepsItsCopy()
    {
        using var disk = new LoopMount();
        var at = MountInSource(disk);
        File.WriteAllText(Path.Combine(at, "file"), "precious");
        await _scene.BackupAsync();
        Command.Must("umount", at);
        Directory.Delete(at);

        var report = await _scene.TryBackupAsync();

        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["mnt/disk"]);
        File.ReadAllText(_scene.InMirror("mnt/disk/file")).ShouldBe("precious");
        await _scene.BackupAsync(Allowed);
        _scene.MirrorShouldBeTheSource();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ANestedMountWhoseFolderIsGoneWithAllAroundItKeepsItsCopy(bool becomesFile)
    {
        using var disk = new LoopMount();
        var at = MountInSource(disk);
        File.WriteAllText(Path.Combine(at, "file"), "precious");
        _scene.Write("mnt/other", "x");
        await _scene.BackupAsync();
        Command.Must("umount", at);
        Directory.Delete(_scene.InSource("mnt"), recursive: true);
        if (becomesFile)
            _scene.Write("mnt", "a file now");

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.ShouldContain(f => f.Path.ToString() == "mnt/disk");
        File.ReadAllText(_scene.InMirror("mnt/disk/file")).ShouldBe("precious");
        _scene.Findings().ShouldBeEmpty();
        using (var snapshots = _scene.Open())
            SnapshotState.Of(snapshots, snapshots.Snapshots[^1]).Entries["mnt"]["type"].ShouldBe("folder", "what is kept has a folder to lie in");
        (await _scene.TryBackupAsync()).Targets[0].Failure.ShouldBeNull();
        File.ReadAllText(_scene.InMirror("mnt/disk/file")).ShouldBe("precious");
        await _scene.BackupAsync(Allowed);
        _scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task WhatLiesUnderAnAbsentMountDoesNotReplaceItsCopy()
    {
        using var disk = new LoopMount();
        Directory.CreateDirectory(_scene.InSource("mnt/disk/folder"));
        _scene.Write("mnt/disk/file", "hidden below");
        var at = MountInSource(disk);
        File.WriteAllText(Path.Combine(at, "file"), "precious");
        File.WriteAllText(Path.Combine(at, "folder"), "a file where the other is a folder");
        await _scene.BackupAsync();
        Command.Must("umount", at);

        var report = await _scene.TryBackupAsync();

        report.Counters.Failures.ShouldNotBeEmpty();
        File.ReadAllText(_scene.InMirror("mnt/disk/file")).ShouldBe("precious");
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task ASourceWhoseDiskIsNotMountedStopsTheRun()
    {
        using var disk = new LoopMount();
        File.WriteAllText(Path.Combine(disk.Path, "file"), "precious");
        Directory.Delete(Path.Combine(disk.Path, "lost+found"));
        _scene.Sources = [disk.Path];
        await _scene.BackupAsync();
        disk.Unmount();

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeOfType<HoldfastException>().Message.ShouldContain("the source is empty");
        File.ReadAllText(_scene.InMirror("file")).ShouldBe("precious");
        await _scene.BackupAsync(Allowed);
        File.Exists(_scene.InMirror("file")).ShouldBeFalse("with --allow-deletions it is meant");
    }

    [Fact]
    public async Task ASourceWhoseDiskIsNotMountedKeepsItsCopyAlsoWhenAStrayFileLiesThere()
    {
        using var disk = new LoopMount();
        File.WriteAllText(Path.Combine(disk.Path, "file"), "precious");
        _scene.Sources = [disk.Path];
        await _scene.BackupAsync();
        disk.Unmount();
        File.WriteAllText(Path.Combine(disk.Path, "README"), "the disk belongs here");

        var report = await _scene.TryBackupAsync();

        report.IsComplete.ShouldBeFalse();
        File.ReadAllText(_scene.InMirror("file")).ShouldBe("precious");
        File.Exists(_scene.InMirror("README")).ShouldBeFalse();
        await _scene.BackupAsync(Allowed);
        File.Exists(_scene.InMirror("file")).ShouldBeFalse("with --allow-deletions it is meant");
        File.Exists(_scene.InMirror("README")).ShouldBeTrue();
    }

    [Fact]
    public async Task OneOfSeveralSourcesThatIsEmptyStopsTheRun()
    {
        var second = _scene.Temporary.Folder("second");
        _scene.Sources = [_scene.Source, second];
        for (var i = 0; i < 10; i++)
            _scene.Write($"file{i}", "first");
        File.WriteAllText(Path.Combine(second, "file"), "precious");
        await _scene.BackupAsync();
        File.Delete(Path.Combine(second, "file"));

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeOfType<HoldfastException>().Message.ShouldContain("'second' of the source is empty");
        File.ReadAllText(_scene.InMirror("second/file")).ShouldBe("precious");
    }

    [Fact]
    public async Task AMountOverASavedFolderHidesItsFilesAndRemovesNone()
    {
        Peer.RequireRoot();
        var options = new BackupOptions { Rules = new Core.Sources.Rules.ScanRules { OneFileSystem = true } };
        _scene.Write("data/file", "precious");
        _scene.Write("other", "1");
        await _scene.BackupAsync(options);
        var at = _scene.InSource("data");
        Command.Must("mount", "-t", "tmpfs", "tmpfs", at);
        _mounts.Add(at);

        await _scene.BackupAsync(options);
        File.ReadAllText(_scene.InMirror("data/file")).ShouldBe("precious");

        await _scene.BackupAsync(options with { AllowDeletions = true });
        File.Exists(_scene.InMirror("data/file")).ShouldBeFalse("with --allow-deletions it is meant");
    }

    [Fact]
    public async Task WhatWasCopiedOutOfAMountIsExcludedByOneFileSystem()
    {
        Peer.RequireRoot();
        using var disk = new LoopMount();
        File.WriteAllText(Path.Combine(disk.Path, "file"), "1");
        MountInSource(disk);
        await _scene.BackupAsync();
        File.Exists(_scene.InMirror("mnt/disk/file")).ShouldBeTrue();
        _scene.Write("stays", "1");

        await _scene.BackupAsync(new BackupOptions { Rules = new Core.Sources.Rules.ScanRules { OneFileSystem = true } });

        File.Exists(_scene.InMirror("mnt/disk/file")).ShouldBeFalse();
    }

    [Fact]
    public async Task ASourceThatIsNotThereStopsTheRun()
    {
        _scene.Write("file", "precious");
        await _scene.BackupAsync();
        Directory.Move(_scene.Source, _scene.Source + ".away");

        var error = await Should.ThrowAsync<HoldfastException>(() => _scene.TryBackupAsync());

        error.Message.ShouldContain("the source is not there");
        File.ReadAllText(_scene.InMirror("file")).ShouldBe("precious");
    }

    [Fact]
    public async Task OneOfSeveralSourcesThatIsMissingKeepsItsCopy()
    {
        var second = _scene.Temporary.Folder("second");
        _scene.Sources = [_scene.Source, second];
        _scene.Write("file", "first");
        File.WriteAllText(Path.Combine(second, "file"), "precious");
        await _scene.BackupAsync();
        Directory.Delete(second, recursive: true);
        File.Delete(_scene.InSource("file"));
        _scene.Write("another", "x");

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["second"]);
        File.ReadAllText(_scene.InMirror("second/file")).ShouldBe("precious");
        File.Exists(_scene.InMirror("source/file")).ShouldBeFalse();
    }

    [Fact]
    public async Task AnotherDiskInThePlacesStandIsRefused()
    {
        _scene.Write("file", "precious");
        await _scene.BackupAsync();
        var mine = _scene.Place + ".mine";
        Directory.Move(_scene.Place, mine);
        var another = _scene.Sources;
        _scene.Sources = ["/somewhere/else"];
        _scene.Target.Init(_scene.Request());
        _scene.Sources = another;

        (await Should.ThrowAsync<HoldfastException>(() => _scene.TryBackupAsync())).Kind.ShouldBe(ErrorKind.NoPlace);

        Directory.Delete(_scene.Place, recursive: true);
        Directory.CreateDirectory(_scene.Place);
        _scene.IsAdHoc = false;
        (await Should.ThrowAsync<HoldfastException>(() => _scene.TryBackupAsync())).Kind.ShouldBe(ErrorKind.NoPlace);
        Directory.EnumerateFileSystemEntries(_scene.Place).ShouldBeEmpty("an unmounted disk's folder stays empty");
    }

    [Fact]
    public async Task AnOlderCloneOfThePlaceIsRefused()
    {
        _scene.Write("file", "one");
        await _scene.BackupAsync();
        Command.Must("cp", "-a", _scene.Place, _scene.Place + ".clone");
        _scene.Write("file", "two");
        await _scene.BackupAsync();
        Directory.Delete(_scene.Place, recursive: true);
        Directory.Move(_scene.Place + ".clone", _scene.Place);

        (await Should.ThrowAsync<HoldfastException>(() => _scene.TryBackupAsync())).Message.ShouldContain("older copy or a clone");

        File.ReadAllText(_scene.InMirror("file")).ShouldBe("one");
    }

    [Fact]
    public async Task AMirrorWhoseIncrementsWereRemovedByHandIsNotThrownAway()
    {
        _scene.Write("file", "precious");
        await _scene.BackupAsync();
        Directory.Delete(Path.Combine(_scene.Place, "increments"), recursive: true);
        Directory.Delete(_scene.State, recursive: true);
        File.Delete(_scene.InSource("file"));
        _scene.Write("another", "x");

        var failure = await Xunit.Record.ExceptionAsync(async () => await _scene.TryBackupAsync());

        failure.ShouldBeOfType<HoldfastException>();
        File.ReadAllText(_scene.InMirror("file")).ShouldBe("precious");
    }

    /// <summary>SMB lists names that it then does not find; a folder whose automount fails is not found when it is opened.</summary>
    [Theory]
    [InlineData(FolderOperation.Stat, "bad/file")]
    [InlineData(FolderOperation.OpenFolder, "bad")]
    [InlineData(FolderOperation.ReadSymlink, "bad/link")]
    [InlineData(FolderOperation.OpenFile, "bad/file")]
    public async Task WhatIsThereAndIsNotFoundAllTheSameKeepsItsCopy(FolderOperation operation, string path)
    {
        _scene.Write("bad/file", "precious");
        File.CreateSymbolicLink(_scene.InSource("bad/link"), "target");
        await _scene.BackupAsync();
        _scene.Write("bad/file", "changed");
        _scene.OpenSource = new FaultPlan().Fail(operation, Errno.NotFound, p => p.ToString() == path).Open;

        var report = await _scene.TryBackupAsync();

        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe([path]);
        report.Targets[0].Statistics.Deleted.ShouldBe(0);
        File.Exists(_scene.InMirror("bad/file")).ShouldBeTrue();
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AFolderThatNoRuleNamesStaysForTheFileInItThatCouldNotBeSeen()
    {
        var options = new BackupOptions { Rules = new ScanRules { Track = RuleList.Parse([new RuleText("notes/*.txt")]) } };
        _scene.Write("notes/deeper", "named by nothing");
        _scene.Write("notes/a.txt", "precious");
        await _scene.BackupAsync(options);
        _scene.OpenSource = new FaultPlan().Fail(FolderOperation.Stat, Errno.Stale, path => path.ToString() == "notes/a.txt").Open;

        var report = await _scene.TryBackupAsync(options);

        report.Counters.Failures.Select(f => f.Path.ToString()).ShouldBe(["notes/a.txt"]);
        report.Targets[0].Statistics.Deleted.ShouldBe(0);
        _scene.Findings().ShouldBeEmpty();
        using var snapshots = _scene.Open();
        SnapshotState.Of(snapshots, snapshots.Snapshots[^1]).Entries.Keys.ShouldContain("notes", "what is kept has a folder to lie in");
    }

    [Fact]
    public async Task AMountOverAFolderThatNoRuleNamesKeepsTheFolderToo()
    {
        Peer.RequireRoot();
        var options = new BackupOptions { Rules = new ScanRules { OneFileSystem = true, Track = RuleList.Parse([new RuleText("data/*.txt"), new RuleText("other")]) } };
        _scene.Write("data/a.txt", "precious");
        _scene.Write("other", "1");
        await _scene.BackupAsync(options);
        var at = _scene.InSource("data");
        Command.Must("mount", "-t", "tmpfs", "tmpfs", at);
        _mounts.Add(at);

        var report = await _scene.BackupAsync(options);

        report.Targets[0].Statistics.Deleted.ShouldBe(0);
        File.ReadAllText(_scene.InMirror("data/a.txt")).ShouldBe("precious");
    }

    [Fact]
    public async Task AFileThatVanishesWhileTheRunIsOnIsNoFailure()
    {
        var options = new BackupOptions { Workers = 1 };
        _scene.Write("a", "x");
        await _scene.BackupAsync(options);
        _scene.Write("a", "changed");
        var vanishes = _scene.Write("b", "new");
        _scene.OpenSource = new FaultPlan().OnRead(path => path.ToString() == "a", 1, () => File.Delete(vanishes)).Open;

        var report = await _scene.TryBackupAsync(options);

        report.IsComplete.ShouldBeTrue();
        report.Counters.VanishedFiles.ShouldBe(1);
    }

    /// <summary>Shows a disk inside the source, at mnt/disk.</summary>
    private string MountInSource(LoopMount disk)
    {
        var at = Directory.CreateDirectory(_scene.InSource("mnt/disk")).FullName;
        Command.Must("mount", "--bind", disk.Path, at);
        _mounts.Add(at);
        return at;
    }

    private readonly List<string> _mounts = [];
}
