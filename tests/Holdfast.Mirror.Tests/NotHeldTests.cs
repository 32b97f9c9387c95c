using Holdfast.Core.Engine;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests;

/// <summary>What one path's name, type or size keeps out of a place is named, and keeps nothing else out.</summary>
public sealed class NotHeldTests : IDisposable
{
    private static readonly Restrictions Odd = new()
    {
        ReservedCharacters = ":",
        TextNamesOnly = true,
        MaximumName = 40,
        MaximumTarget = 50,
        MaximumFileSize = 1000,
        NoSpecials = true,
        CaseInsensitive = true,
    };

    private readonly Scene _scene = new(Files.Memory) { OpenPlace = RestrictedFolder.Opener(Odd) };

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public async Task WhatThePlaceCannotHoldIsNamedAndEverythingElseIsStored(bool laterRun, int workers)
    {
        _scene.Options = new BackupOptions { Workers = workers };
        if (laterRun)
            await _scene.BackupAsync();
        _scene.Write("good", "good");
        _scene.Write("folder/good", "good");
        _scene.Write("Straße/good", "good");
        var longName = new string('n', 41);
        string[] bad = ["a:b", "at the end ", longName, "large", "sub/large"];
        foreach (var path in bad)
            _scene.Write(path, path.EndsWith("large", StringComparison.Ordinal) ? new string('x', 1001) : "bad");
        File.CreateSymbolicLink(_scene.InSource("far"), new string('t', 51));
        File.CreateSymbolicLink(_scene.InSource("near"), "good");
        Command.Must("mkfifo", _scene.InSource("fifo"));
        _scene.Write("x:y/one", "1");
        _scene.Write("x:y/two/three", "3");
        Directory.CreateDirectory(_scene.InSource("x:y/empty"));

        var report = await _scene.TryBackupAsync();

        Require(report, [.. bad, "far", "x:y"]);
        report.Targets[0].Remarks.ShouldHaveSingleItem().ShouldStartWith("1 new special files cannot lie in mirror/");
        report.Counters.FailureCount.ShouldBe(7 + 4, "what lies below a folder is counted");
        report.Counters.Failures.Single(f => f.Path.ToString() == "x:y").Reason.ShouldContain("4 paths below");
        Mirrored().ShouldBe(["Straße", "Straße/good", "folder", "folder/good", "good", "near", "sub"]);
        RequireSteady(await _scene.TryBackupAsync(), report);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public async Task OfNamesThatAreOneToThePlaceOneIsHeldAndTheOthersAreNamed(bool laterRun, int workers)
    {
        _scene.Options = new BackupOptions { Workers = workers };
        if (laterRun)
            await _scene.BackupAsync();
        foreach (var path in new[] { "A", "a", "Folder/x", "folder/x", "folder/y", "FOLDER", "b" })
            _scene.Write(path, path);

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.ShouldAllBe(f => f.Reason.Contains("upper and lower case", StringComparison.Ordinal));
        var mirrored = Mirrored().ToList();
        mirrored.Select(m => m.ToUpperInvariant()).ShouldBeUnique();
        mirrored.ShouldContain("b");
        foreach (var path in mirrored.Where(m => File.Exists(_scene.InMirror(m))))
            File.ReadAllText(_scene.InMirror(path)).ShouldBe(path, "nothing was overwritten by its neighbour");
        mirrored.Count.ShouldBe(7 + 2 - (int)report.Counters.FailureCount, "each path is held or named");
        RequireSteady(await _scene.TryBackupAsync(), report);
    }

    [Theory]
    [InlineData("A", "a")]
    [InlineData("a", "A")]
    public async Task ARenameThatChangesTheCaseIsFollowed(string before, string after)
    {
        _scene.Write(before, "text");
        _scene.Write("other", "so that not everything goes");
        await _scene.BackupAsync();
        File.Move(_scene.InSource(before), _scene.InSource(after));

        await _scene.TryBackupAsync(); // One direction is known to take two runs.
        await _scene.BackupAsync();

        Mirrored().ShouldBe([after, "other"]);
        File.ReadAllText(_scene.InMirror(after)).ShouldBe("text");
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AVersionThatCannotBeHeldLeavesTheOldOneInPlaceUntilOneCan()
    {
        _scene.Write("file", "small");
        _scene.Write("type", "a file");
        await _scene.BackupAsync();
        _scene.Write("file", new string('x', 1001));
        File.Delete(_scene.InSource("type"));
        File.CreateSymbolicLink(_scene.InSource("type"), new string('t', 51));

        var report = await _scene.TryBackupAsync();

        Require(report, ["file", "type"]);
        report.Targets[0].Statistics.Changed.ShouldBe(0);
        File.ReadAllText(_scene.InMirror("file")).ShouldBe("small");
        File.ReadAllText(_scene.InMirror("type")).ShouldBe("a file");
        RequireSteady(await _scene.TryBackupAsync(), report);

        File.Delete(_scene.InSource("type"));
        _scene.Write("file", "smaller");
        await _scene.BackupAsync(new BackupOptions { AllowDeletions = true });
        File.ReadAllText(_scene.InMirror("file")).ShouldBe("smaller");
        Mirrored().ShouldBe(["file"]);
    }

    [Fact]
    public async Task AFileThatIsRenamedToAnImpossibleNameStaysInTheHistory()
    {
        _scene.Write("name", "text");
        _scene.Write("other", "so that not everything goes");
        await _scene.BackupAsync();
        File.Move(_scene.InSource("name"), _scene.InSource("na:me"));

        Require(await _scene.TryBackupAsync(), ["na:me"]);

        Directory.GetFiles(Path.Combine(_scene.Place, "increments"), "name", SearchOption.AllDirectories).ShouldContain(f => f.Contains("/deleted/", StringComparison.Ordinal));
        Mirrored().ShouldBe(["other"]);
        _scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task FurtherNamesOfAFileWhoseFirstNameCannotBeHeldAreNamed()
    {
        _scene.Write("a:b", "text");
        Files.Link(_scene.InSource("a:b"), _scene.InSource("b"));

        Require(await _scene.TryBackupAsync(), ["a:b", "b"]);
    }

    /// <summary>exfat-fuse says "not there" of a name that exFAT cannot hold; a whole first run failed of one.</summary>
    [Fact]
    public async Task WhatARealExFatDiskCannotHoldIsNamedAndASymlinkThereNeedsNoName()
    {
        using var disk = new LoopMount("exfat", under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        scene.Write("good", "good");
        scene.Write("Why?.txt", "a file");
        scene.Write("a:b/inside", "in a folder");
        File.CreateSymbolicLink(scene.InSource("link?"), "good");

        Require(await scene.TryBackupAsync(), ["Why?.txt", "a:b"]);
        Listed(scene).ShouldBe(["good", "link?"]);
        scene.Write("What?.txt", "in a later run");
        File.CreateSymbolicLink(scene.InSource("another?"), "good");
        Require(await scene.TryBackupAsync(), ["What?.txt", "Why?.txt", "a:b"]);
        Listed(scene).ShouldBe(["another?", "good", "link?"]);

        // The symlink lay in the record alone; the file that takes its place needs the name.
        File.Delete(scene.InSource("link?"));
        scene.Write("link?", "a file now");
        Require(await scene.TryBackupAsync(), ["What?.txt", "Why?.txt", "a:b", "link?"]);
        scene.Findings().ShouldBeEmpty();
    }

    private static IEnumerable<string> Listed(Scene scene)
    {
        using var snapshots = scene.Open();
        return [.. snapshots.Entries(snapshots.Snapshots[^1], Core.Model.EntryPath.Root, CancellationToken.None).Select(e => e.Entry.Path.ToString()!).Where(p => p != ".")];
    }

    private static void Require(RunReport report, string[] missing)
    {
        report.Targets[0].Failure.ShouldBeNull();
        report.IsComplete.ShouldBeFalse();
        report.Counters.Failures.Select(f => f.Path.ToString()).Order(StringComparer.Ordinal).ShouldBe(missing.Order(StringComparer.Ordinal));
    }

    /// <summary>The next run names the same paths and changes nothing; what the record says is there.</summary>
    private void RequireSteady(RunReport next, RunReport before)
    {
        Require(next, [.. before.Counters.Failures.Select(f => f.Path.ToString())]);
        next.Counters.FailureCount.ShouldBe(before.Counters.FailureCount);
        next.Targets[0].Snapshot.ShouldBeNull();
        next.Targets[0].Remarks.ShouldBeEmpty();
        _scene.Findings().ShouldBeEmpty();
        Directory.Exists(Path.Combine(_scene.Place, ".holdfast/staging")).ShouldBeFalse();
        Directory.GetDirectories(Path.Combine(_scene.Place, "increments"), "*.tmp").ShouldBeEmpty();
        Recorded().Where(path => path != "fifo").ShouldBe(Mirrored());
    }

    private IEnumerable<string> Mirrored() =>
        Directory.GetFileSystemEntries(_scene.Mirror, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(_scene.Mirror, p)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Recorded() => Listed(_scene).Order(StringComparer.Ordinal);
}
