using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>A file with more names than one file of the place may have.</summary>
public sealed class ManyNamesTests : IDisposable
{
    private const int Limit = 8;

    private readonly Scene _scene = new(Files.Memory) { OpenPlace = RestrictedFolder.Opener(new Restrictions { MaximumLinks = Limit }) };

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AllNamesAreHeldAndAnUnchangedRunIsUnchanged(bool secondRun)
    {
        if (secondRun)
        {
            _scene.Write("other", "so that the names come with a later run");
            await _scene.BackupAsync();
        }
        Group("name", 30);
        await _scene.BackupAsync();

        RequireContents();
        Inodes().ShouldBeInRange(30 * 2 / Limit, 30 * 2 / Limit + 2, "as few copies as hold the names");
        (await _scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed");
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AFurtherNameIsLinkedToTheLastCopyAndNotCopiedAgain()
    {
        Group("name", 30);
        await _scene.BackupAsync();
        var before = Inodes();

        foreach (var name in new[] { "name90", "name91", "name92" })
        {
            Files.Link(_scene.InSource("name00"), _scene.InSource(name));
            await _scene.BackupAsync();
        }

        RequireContents();
        Inodes().ShouldBeInRange(before, before + 1);
        (await _scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed");
    }

    [Theory]
    [InlineData("edited")]
    [InlineData("chmodded")]
    [InlineData("renamed")]
    [InlineData("thinned out")]
    [InlineData("removed")]
    public async Task AGroupInSeveralFilesFollowsItsSource(string what)
    {
        Group("name", 30);
        await _scene.BackupAsync();
        var before = TreeState.Read(_scene.Source);

        switch (what)
        {
            case "edited": File.AppendAllText(_scene.InSource("name17"), "more"); break;
            case "chmodded": Command.Must("chmod", "0600", _scene.InSource("name00")); break;
            case "renamed":
                for (var i = 0; i < 30; i++)
                    File.Move(_scene.InSource($"name{i:00}"), _scene.InSource($"moved{i:00}"));
                break;
            case "thinned out":
                for (var i = 1; i < 28; i++)
                    File.Delete(_scene.InSource($"name{i:00}"));
                break;
            case "removed":
                for (var i = 0; i < 30; i++)
                    File.Delete(_scene.InSource($"name{i:00}"));
                break;
        }
        _scene.Options = _scene.Options with { AllowDeletions = true };
        await _scene.BackupAsync();

        RequireContents();
        _scene.Findings().ShouldBeEmpty();
        using (var snapshots = _scene.Open())
            SnapshotState.Differences(snapshots, snapshots.Snapshots[0], before).ShouldBeEmpty();
        await _scene.BackupAsync(); // Where names went, copies may become one file again.
        (await _scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed");
        RequireContents();
    }

    [Fact]
    public async Task ARestoreMakesOneFileOfThemAgain()
    {
        Group("name", 30);
        await _scene.BackupAsync();

        await RestoreAsync(LocalFolders.Open);

        TreeState.Differences(TreeState.Read(_scene.Source), TreeState.Read(_scene.Temporary["restored"])).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARestoreToADiskWithTheSameLimitMakesAsFewFilesAsPossible()
    {
        Group("name", 30);
        await _scene.BackupAsync();

        await RestoreAsync(RestrictedFolder.Opener(new Restrictions { MaximumLinks = Limit }));

        Rsync.Differences(_scene.Source, _scene.Temporary["restored"], "--no-hard-links").ShouldBeEmpty();
        Directory.GetFiles(_scene.Temporary["restored"]).Select(Files.Inode).Distinct().Count().ShouldBeInRange(4, 6);
    }

    [Fact]
    public async Task SymlinksWithManyNamesAreHeldToo()
    {
        File.CreateSymbolicLink(_scene.InSource("link00"), "somewhere");
        for (var i = 1; i < 30; i++)
            Command.Must("ln", "-P", _scene.InSource("link00"), _scene.InSource($"link{i:00}"));

        await _scene.BackupAsync();

        RequireContents();
        (await _scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed");
    }

    [Fact]
    public async Task ARealFileSystemsLimitIsNoLimit()
    {
        using var disk = new LoopMount("ext4", 64L << 20, options: ["-N", "20000"]);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        scene.Write("name", "many names");
        Command.Must("sh", "-c", $"cd {scene.Source} && mkdir d && python3 -c 'import os\nfor i in range(33000): os.link(\"name\", \"d/%05d\" % i)'");

        await scene.BackupAsync();

        Rsync.Differences(scene.Source, scene.Mirror, "--no-hard-links").ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(scene.Mirror, "d")).Length.ShouldBe(33_000);
        (await scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed");
        scene.Findings().ShouldBeEmpty();
    }

    private void Group(string name, int count)
    {
        _scene.Write($"{name}00", "many names");
        for (var i = 1; i < count; i++)
            Files.Link(_scene.InSource($"{name}00"), _scene.InSource($"{name}{i:00}"));
    }

    private void RequireContents()
    {
        Rsync.Differences(_scene.Source, _scene.Mirror, "--no-hard-links").ShouldBeEmpty();
        using var snapshots = _scene.Open();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[^1], TreeState.Read(_scene.Source)).ShouldBeEmpty();
    }

    private int Inodes() => Directory.GetFiles(_scene.Mirror).Where(f => f.Contains("name", StringComparison.Ordinal)).Select(Files.Inode).Distinct().Count();

    private async Task RestoreAsync(Func<string, IFolder> open)
    {
        using var snapshots = _scene.Open();
        var options = new RestoreOptions { To = _scene.Temporary["restored"] };
        var report = await new Restore(snapshots, TimeProvider.System, open).RunAsync(snapshots.Snapshots[^1], options, new RestoreCounters(), TestContext.Current.CancellationToken);
        report.Counters.Failures.ShouldBeEmpty();
    }
}
