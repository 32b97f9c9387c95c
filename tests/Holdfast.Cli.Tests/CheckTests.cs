using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary><c>check --read-data</c> against real damage.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public CheckTests()
    {
        _machine.File("Documents/photo.raw", new string('p', 100_000));
        _machine.Run("backup", "Documents", "--to", "mirror:disk").Checked("holdfast");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AWholePlaceIsReadBackAndTheDateIsKeptInIt()
    {
        var run = _machine.Run("check", "--read-data", "mirror:disk");

        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("3 files (97.");
        run.Text.ShouldContain("read back, no problems found");
        File.ReadAllLines(_machine["disk/.holdfast/verified.jsonl"]).Length.ShouldBe(1);
    }

    [Fact]
    public void AFlippedBitIsFoundThoughSizeAndTimeAreAsTheyWere()
    {
        Damage.Flip(_machine["disk/mirror/photo.raw"], 54_321);
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0, "the structure is right");

        var run = _machine.Run("check", "mirror:disk", "--read-data");

        run.ExitCode.ShouldBe(1);
        run.Text.ShouldContain("track/photo.raw: its bytes are others than were saved");
        run.Text.ShouldContain("1 problem found");
        var json = Machine.JsonLines(_machine.Run("check", "mirror:disk", "--read-data=100%", "--json").Text);
        json[0].GetProperty("path").GetString()!.ShouldEndWith("track/photo.raw");
        json[1].GetProperty("findings").GetInt32().ShouldBe(1);
        json[1].GetProperty("files_read").GetInt32().ShouldBe(3);
    }

    [Fact]
    public void WhatIsMissingOrEditedIsNamedOnce()
    {
        var track = Directory.GetDirectories(_machine["disk/increments"]).Single() + "/track/";
        File.Delete(track + "todo.txt");
        Command.Must("sh", "-c", "echo more >> \"$0\"", _machine["disk/mirror/Projects/plan.txt"]);

        var run = _machine.Run("check", "mirror:disk", "--read-data");

        run.ExitCode.ShouldBe(1);
        run.Text.Split('\n').Count(line => line.Contains("todo.txt: it is missing", StringComparison.Ordinal)).ShouldBe(1);
        run.Text.ShouldContain("track/Projects/plan.txt: it has 9 bytes, not 4: it was edited in the place");
    }

    [Fact]
    public void AReadOnlyPlaceIsReadBackWithoutDates()
    {
        using var disk = new LoopMount(size: 32 << 20, under: "/dev/shm");
        _machine.Run("backup", "Documents", "--to", $"mirror:{disk.Path}/place").Checked("holdfast");
        Command.Must("mount", "-o", "remount,ro", disk.Path);

        var run = _machine.Run("check", "--read-data", $"mirror:{disk.Path}/place");

        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("3 files");
        run.ErrorText.ShouldContain("the dates of what was read back could not be written");
        File.Exists(disk.Path + "/place/.holdfast/verified.jsonl").ShouldBeFalse();
    }

    [Theory]
    [InlineData("--read-data=150%")]
    [InlineData("--read-data=much")]
    [InlineData("--max-time=5m")]
    [InlineData("--read-data", "--max-time=5")]
    public void NonsenseIsAUsageError(params string[] flags) => _machine.Run(["check", "mirror:disk", .. flags]).ExitCode.ShouldBe(2);
}
