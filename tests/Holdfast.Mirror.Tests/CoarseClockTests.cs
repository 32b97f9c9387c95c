using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests;

/// <summary>A source on a FAT disk: two-second steps, local time, inode numbers that mean nothing.</summary>
public sealed class CoarseClockTests
{
    private static readonly DateTime Noon = new(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(2)]
    public async Task ATimeThatMovedAsTheDiskMayMoveItIsDecidedByTheContents(int seconds)
    {
        using var scene = Fat();
        Make(scene, "same", "contents", Noon);
        Make(scene, "other", "contents", Noon);
        await scene.BackupAsync();

        Make(scene, "same", "contents", Noon.AddSeconds(seconds));
        Make(scene, "other", "CONTENTS", Noon.AddSeconds(seconds));
        var report = await scene.BackupAsync();

        var done = report.Targets[0].Statistics;
        done.Changed.ShouldBe(1);
        done.BytesAdded.ShouldBe("CONTENTS".Length);
        File.ReadAllText(scene.InMirror("other")).ShouldBe("CONTENTS");
    }

    [Fact]
    public async Task AnyOtherTimeMeansOtherContents()
    {
        using var scene = Fat();
        Make(scene, "file", "contents", Noon);
        await scene.BackupAsync();

        Make(scene, "file", "contents", Noon.AddSeconds(1800));
        (await scene.BackupAsync()).Targets[0].Statistics.Changed.ShouldBe(1);
    }

    [Fact]
    public async Task InodeNumbersThatChangeFromMountToMountAreNoReasonToReadAnything()
    {
        using var scene = Fat();
        Make(scene, "file", "contents", Noon);
        await scene.BackupAsync();

        var report = await scene.BackupAsync();

        report.Targets[0].Snapshot.ShouldBeNull();
        report.Counters.BytesDone.ShouldBe(0);
    }

    [Fact]
    public async Task WithChecksumAnEditThatKeptSizeAndTimeIsFoundEvenThere()
    {
        using var scene = Fat();
        Make(scene, "file", "contents", Noon);
        await scene.BackupAsync();

        Make(scene, "file", "CONTENTS", Noon);
        (await scene.BackupAsync()).Targets[0].Statistics.Changed.ShouldBe(0);
        (await scene.BackupAsync(new BackupOptions { Checksum = true })).Targets[0].Statistics.Changed.ShouldBe(1);
        File.ReadAllText(scene.InMirror("file")).ShouldBe("CONTENTS");
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public async Task EachSourceIsComparedAsItsOwnDiskAllows(string fat, string stable)
    {
        using var scene = new Scene();
        scene.Sources = [scene.Temporary.Folder("a"), scene.Temporary.Folder("b")];
        var onFat = RestrictedFolder.Opener(Restrictions.Fat);
        scene.OpenSource = path => path == scene.Temporary[fat] ? onFat(path) : LocalFolders.Open(path);
        File.WriteAllText(Path.Combine(scene.Temporary[fat], "file"), "contents");
        File.WriteAllText(Path.Combine(scene.Temporary[stable], "file"), "contents");
        File.WriteAllText(Path.Combine(scene.Temporary[stable], "edited"), "contents");
        await scene.BackupAsync();

        Files.EditUnseen(Path.Combine(scene.Temporary[stable], "edited"));
        File.Move(Path.Combine(scene.Temporary[stable], "file"), Path.Combine(scene.Temporary[stable], "renamed"));
        var report = await scene.BackupAsync();

        var done = report.Targets[0].Statistics;
        (done.Moved, done.Changed).ShouldBe((1, 1), "a disk that keeps inode numbers and ctimes tells");
        report.Counters.BytesDone.ShouldBeInRange(8, 16, "only the edited file was read");
    }

    private static Scene Fat() => new() { OpenSource = RestrictedFolder.Opener(Restrictions.Fat) };

    private static void Make(Scene scene, string name, string text, DateTime modified) => File.SetLastWriteTimeUtc(scene.Write(name, text), modified);
}
