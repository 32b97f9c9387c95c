using Holdfast.Core.Engine;
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

    private static Scene Fat() => new() { OpenSource = RestrictedFolder.Opener(Restrictions.Fat) };

    private static void Make(Scene scene, string name, string text, DateTime modified) => File.SetLastWriteTimeUtc(scene.Write(name, text), modified);
}
