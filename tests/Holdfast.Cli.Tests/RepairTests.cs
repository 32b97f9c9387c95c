using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary><c>repair</c> against real damage.</summary>
public sealed class RepairTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public RepairTests()
    {
        _machine.File("Documents/photo.raw", new string('p', 100_000));
        _machine.Run("backup", "Documents", "--to", "mirror:disk").Checked("holdfast");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AFlippedBitIsTakenBackFromTheSource()
    {
        Damage.Flip(_machine["disk/mirror/photo.raw"], 54_321);

        _machine.Run("repair", "mirror:disk", "--read-data", "--dry-run").Text.ShouldContain("2 files would be mended, 0 stay lost");
        _machine.Run("check", "mirror:disk", "--read-data").ExitCode.ShouldBe(1, "nothing was written");
        var run = _machine.Run("repair", "mirror:disk", "--read-data");

        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("taken from " + _machine["Documents/photo.raw"]);
        run.Text.ShouldContain("mirror:");
        _machine.Run("check", "mirror:disk", "--read-data").ExitCode.ShouldBe(0);
        _machine.Run("repair", "mirror:disk", "--read-data").Text.ShouldContain("nothing to repair was found");
    }

    [Fact]
    public void DamagedRecordsAreBuiltAnewAndAnIntactOneOnlyWithForce()
    {
        var increment = Directory.GetDirectories(_machine["disk/increments"]).Single();
        var id = Path.GetFileName(increment);
        File.WriteAllText(Path.Combine(increment, "increment.json"), "{");
        var listed = _machine.Run("snapshots", "mirror:disk");
        listed.ExitCode.ShouldBe(0);
        listed.ErrorText.ShouldContain("increment.json' is damaged");
        _machine.Run("cat", "mirror:disk", "photo.raw").Text.ShouldBe(new string('p', 100_000));
        File.WriteAllText(Path.Combine(increment, "entries.jsonl.gz"), "");
        _machine.Run("ls", "mirror:disk").ErrorText.ShouldContain("holdfast repair");

        var dry = _machine.Run("repair", "mirror:disk", "--dry-run");
        dry.Text.ShouldContain("2 files would be mended");
        var run = _machine.Run("repair", "mirror:disk");

        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("not known any more: ");
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0);
        _machine.Run("cat", "mirror:disk", "photo.raw").Text.ShouldBe(new string('p', 100_000));
        _machine.Run("repair", "mirror:disk", "--rebuild", id).ExitCode.ShouldBe(2);
        Machine.JsonLines(_machine.Run("repair", "mirror:disk", "--rebuild", id, "--force", "--json").Text)[0].GetProperty("problem").GetString().ShouldBe("it was intact");
        _machine.Run("backup", "Documents", "--to", "mirror:disk").ExitCode.ShouldBe(0);
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void WhatIsNowhereStaysLostUnlessAnotherPlaceHasIt()
    {
        Command.Must("cp", "-a", _machine["disk"], _machine["other"]);
        Damage.Flip(_machine["disk/mirror/photo.raw"], 54_321);
        File.Delete(_machine["Documents/photo.raw"]);

        var run = _machine.Run("repair", "mirror:disk", "--read-data");
        run.ExitCode.ShouldBe(1);
        run.Text.ShouldContain("STAYS LOST in 000001-");
        var json = Machine.JsonLines(_machine.Run("repair", "mirror:disk", "--read-data", "--json").Text);
        json[0].GetProperty("type").GetString().ShouldBe("lost");
        json[0].GetProperty("snapshots").GetArrayLength().ShouldBe(1);
        json[2].GetProperty("lost").GetInt32().ShouldBe(2);

        _machine.Run("repair", "mirror:disk", "--read-data", "--from", "mirror:other").ExitCode.ShouldBe(0);
        _machine.Run("check", "mirror:disk", "--read-data").ExitCode.ShouldBe(0);
        _machine.Run("repair", "mirror:disk", "--from", "mirror:nowhere").ExitCode.ShouldBe(10);
    }
}
