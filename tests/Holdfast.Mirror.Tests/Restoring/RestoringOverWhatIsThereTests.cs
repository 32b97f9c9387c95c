using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Restoring;

public sealed class RestoringOverWhatIsThereTests : IDisposable
{
    private readonly RestoreBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(Overwrite.Never, "newer", "older", "differs", "missing")]
    [InlineData(Overwrite.Older, "newer", "from the place", "differs", "missing")]
    [InlineData(Overwrite.Changed, "from the place", "from the place", "differs", "missing")]
    [InlineData(Overwrite.Always, "from the place", "from the place", "the same", "missing")]
    public async Task TheOverwriteModeDecides(Overwrite mode, string newer, string older, string same, string missing)
    {
        _bed.Write("newer", "from the place", 5);
        _bed.Write("older", "from the place", 5);
        _bed.Write("same", "the same", 5);
        _bed.Write("missing", "missing", 5);
        await _bed.BackupAsync();
        _bed.Write(Path.Combine(_bed.Out, "newer"), "newer", 6);
        _bed.Write(Path.Combine(_bed.Out, "older"), "older", 4);
        _bed.Write(Path.Combine(_bed.Out, "same"), "differs ", 5);

        await _bed.RestoreAsync(new RestoreOptions { Overwrite = mode });

        (_bed.Read("newer"), _bed.Read("older"), _bed.Read("same")!.TrimEnd(), _bed.Read("missing")).ShouldBe((newer, older, same, missing));
    }

    [Fact]
    public async Task ContentsAreComparedWhenAsked()
    {
        _bed.Write("a", "the same", 5);
        await _bed.BackupAsync();
        _bed.Write(Path.Combine(_bed.Out, "a"), "otherwis", 5);

        await _bed.RestoreAsync(new RestoreOptions { Checksum = true });

        _bed.Read("a").ShouldBe("the same");
    }

    [Fact]
    public async Task WrongBytesInThePlaceAreNamedAndTheOldFileStays()
    {
        _bed.Write("a", "as backed up");
        _bed.Write("b", "fine");
        await _bed.BackupAsync();
        _bed.Write(Path.Combine(_bed.Place, "mirror/a"), "as tampered!");
        _bed.Write(Path.Combine(_bed.Out, "a"), "mine", 9);

        var report = await _bed.RestoreAsync();

        report.IsComplete.ShouldBeFalse();
        var failure = report.Counters.Failures.Single();
        failure.Path.ToString().ShouldBe("a");
        failure.Reason.ShouldContain("sha256");
        (_bed.Read("a"), _bed.Read("b")).ShouldBe(("mine", "fine"));
        RestoreBed.Leftovers(_bed.Out).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeleteRemovesWhatTheSnapshotDoesNotHaveBelowTheRestoredFoldersOnly()
    {
        _bed.Write("x/a", "1");
        _bed.Write("y/b", "2");
        await _bed.BackupAsync();
        foreach (var extra in new[] { "x/extra", "x/kept.log", "x/folder/extra", "x/folder/kept.log", "y/extra", "extra" })
            _bed.Write(Path.Combine(_bed.Out, extra), "extra");

        await _bed.RestoreAsync(new RestoreOptions
        {
            Delete = true,
            Paths = RestoreBed.Paths("x"),
            Exclude = (path, _) => path.ToString().EndsWith(".log", StringComparison.Ordinal),
        });

        var left = Command.Bash("cd \"$1\" && find . -type f | sort", _bed.Out).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        left.ShouldBe(["./extra", "./x/a", "./x/folder/kept.log", "./x/kept.log", "./y/extra"]);
    }

    [Fact]
    public async Task DeletingTooMuchStopsBeforeAnythingIsTouched()
    {
        _bed.Write("a", "1");
        await _bed.BackupAsync();
        for (var i = 0; i < 150; i++)
            _bed.Write(Path.Combine(_bed.Out, $"mine {i}"), "mine");

        var error = await Should.ThrowAsync<HoldfastException>(() => _bed.RestoreAsync(new RestoreOptions { Delete = true }));

        error.Message.ShouldContain("--allow-deletions");
        Directory.GetFiles(_bed.Out).Length.ShouldBe(150);
        await _bed.RestoreAsync(new RestoreOptions { Delete = true, AllowDeletions = true });
        Directory.GetFiles(_bed.Out).ShouldBe([Path.Combine(_bed.Out, "a")]);
    }

    [Fact]
    public async Task ASymlinkThatLeadsOutIsNeverFollowed()
    {
        _bed.Write("folder/a", "1");
        await _bed.BackupAsync();
        Directory.CreateDirectory(_bed["outside"]);
        Directory.CreateDirectory(_bed.Out);
        File.CreateSymbolicLink(Path.Combine(_bed.Out, "folder"), _bed["outside"]);

        var report = await _bed.RestoreAsync(new RestoreOptions { Overwrite = Overwrite.Never });
        report.Counters.Failures.Single().Path.ToString().ShouldBe("folder");
        report = await _bed.RestoreAsync(new RestoreOptions { Paths = RestoreBed.Paths("folder/a") });
        report.Counters.Failures.Single().Path.ToString().ShouldBe("folder");
        await _bed.RestoreAsync();

        Directory.GetFileSystemEntries(_bed["outside"]).ShouldBeEmpty();
        new FileInfo(Path.Combine(_bed.Out, "folder")).LinkTarget.ShouldBeNull();
        _bed.Read("folder/a").ShouldBe("1");
    }

    [Fact]
    public async Task AFolderThatIsNotEmptyGivesWayToAFileOnlyWithDelete()
    {
        _bed.Write("a", "1");
        await _bed.BackupAsync();
        _bed.Write(Path.Combine(_bed.Out, "a/mine"), "mine");

        (await _bed.RestoreAsync()).Counters.Failures.Single().Reason.ShouldContain("--delete");
        _bed.Read("a/mine").ShouldBe("mine");
        await _bed.RestoreAsync(new RestoreOptions { Delete = true });
        _bed.Read("a").ShouldBe("1");
    }

    [Fact]
    public async Task APathTheSnapshotLacksIsNamedAndNothingIsRestored()
    {
        _bed.Write("a", "1");
        _bed.Write("c", "1");
        await _bed.BackupAsync();

        var error = await Should.ThrowAsync<HoldfastException>(() => _bed.RestoreAsync(new RestoreOptions { Paths = RestoreBed.Paths("a", "b", "c") }));

        error.Message.ShouldContain("'b'");
        Directory.Exists(_bed.Out).ShouldBeFalse();
    }

    [Fact]
    public async Task ADryRunSaysWhatWouldHappenAndChangesNothing()
    {
        _bed.Write("new/a", "1");
        _bed.Write("other", "1");
        await _bed.BackupAsync();
        _bed.Write(Path.Combine(_bed.Out, "other"), "22", 9);
        _bed.Write(Path.Combine(_bed.Out, "extra"), "3");
        var planned = new List<string>();

        await _bed.RestoreAsync(new RestoreOptions { DryRun = true, Delete = true, OnPlanned = (path, action) => planned.Add($"{action} {path}") });

        planned.ShouldBe(["SetMetadata .", "Create new", "Create new/a", "Replace other", "Remove extra"]);
        Directory.Exists(Path.Combine(_bed.Out, "new")).ShouldBeFalse();
        (_bed.Read("other"), _bed.Read("extra")).ShouldBe(("22", "3"));
    }

    [Fact]
    public async Task WhatWasWrittenIsReadBackAndNamedWhenItIsWrong()
    {
        _bed.Write("a", "as backed up");
        await _bed.BackupAsync();
        Directory.CreateDirectory(_bed.Out);
        _bed.Write(Path.Combine(_bed.Out, "a"), "mine", 9);
        var faults = new FaultPlan().EndReadsAt(path => path.ToString().Contains(".holdfast-restore-", StringComparison.Ordinal), 3);

        var report = await _bed.RestoreAsync(new RestoreOptions { Verify = true }, open: faults.Open);

        report.Counters.Failures.Single().Reason.ShouldContain("read back");
        _bed.Read("a").ShouldBe("mine");
        (await _bed.RestoreAsync(new RestoreOptions { Verify = true })).Counters.Verified.ShouldBe(1);
        _bed.Read("a").ShouldBe("as backed up");
    }

    [Fact]
    public async Task AFullDiskIsNamedWithTheBytesNeeded()
    {
        _bed.Write("a", new string('x', 12345));
        await _bed.BackupAsync();
        Directory.CreateDirectory(_bed.Out);
        var faults = new FaultPlan().Fail(FolderOperation.Write, Errno.NoSpace);

        var error = await Should.ThrowAsync<HoldfastException>(() => _bed.RestoreAsync(open: faults.Open));

        error.Message.ShouldContain("12,345 bytes");
        RestoreBed.Leftovers(_bed.Out).ShouldBeEmpty();
    }

    [Fact]
    public async Task HoweverItIsCutOffEveryFileIsTheOldOrTheNewOneAndTheNextRestoreCompletes()
    {
        string[] names = ["a", "folder/b", "folder/c", "z"];
        foreach (var name in names)
            _bed.Write(name, "new " + name, 5);
        Command.Must("ln", Path.Combine(_bed.Source, "a"), Path.Combine(_bed.Source, "link"));
        await _bed.BackupAsync();
        for (var crash = 1; ; crash++)
        {
            Command.Must("rm", "-rf", _bed.Out);
            foreach (var name in names)
                _bed.Write(Path.Combine(_bed.Out, name), "old " + name, 4);
            var faults = new FaultPlan().CrashAt(crash);

            await Xunit.Record.ExceptionAsync(() => _bed.RestoreAsync(new RestoreOptions { Workers = 1 }, open: faults.Open));

            foreach (var name in names)
                _bed.Read(name).ShouldBeOneOf("old " + name, "new " + name);
            await _bed.RestoreAsync();
            foreach (var name in names)
                _bed.Read(name).ShouldBe("new " + name);
            _bed.Read("link").ShouldBe("new a");
            RestoreBed.Leftovers(_bed.Out).ShouldBeEmpty($"after a crash at mutation {crash}");
            if (!faults.HasCrashed)
                break;
            crash.ShouldBeLessThan(200);
        }
    }

    [Fact]
    public async Task ItGoesBackWhereItCameFrom()
    {
        _bed.Write("a", "1");
        _bed.Write("folder/b", "2");
        await _bed.BackupAsync();
        Directory.Delete(_bed.Source, recursive: true);

        await _bed.RestoreAsync(new RestoreOptions { InPlace = [new RestoreRoot(EntryPath.Root, _bed.Source)] });

        File.ReadAllText(Path.Combine(_bed.Source, "folder/b")).ShouldBe("2");
    }
}
