using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class ForgetTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void EachSnapshotIsKeptOrForgottenWithAReason()
    {
        BackUpThreeTimes();

        var dry = _machine.Run("forget", "mirror:disk", "--keep-last", "2", "--dry-run");
        dry.Text.ShouldContain("would forget  no rule keeps it");
        dry.Text.ShouldContain("newest, last 1 of 2");
        Snapshots().ShouldBe(3);

        _machine.Run("forget", "mirror:disk", "--keep-last", "2").ExitCode.ShouldBe(0);
        Snapshots().ShouldBe(2);
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "2").Text.ShouldBe("2\n");
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void NamedSnapshotsGoButNeverTheNewest()
    {
        BackUpThreeTimes();

        _machine.Run("forget", "mirror:disk", "1").ExitCode.ShouldBe(2);
        Snapshots().ShouldBe(3);
        _machine.Run("forget", "mirror:disk", "2").ExitCode.ShouldBe(0);
        Snapshots().ShouldBe(2);
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "2").Text.ShouldBe("1\n");
    }

    [Fact]
    public void WithoutAnyRuleNothingIsForgotten()
    {
        BackUpThreeTimes();

        _machine.Run("forget", "mirror:disk").ExitCode.ShouldBe(2);
        _machine.Run("forget", "mirror:disk", "--keep-last", "0").ExitCode.ShouldBe(2);
        _machine.Run("forget", "mirror:disk", "--keep-last", "-1").ExitCode.ShouldBe(2);
        _machine.Run("forget", "mirror:disk", "2", "--keep-last", "1").ExitCode.ShouldBe(2);
        Snapshots().ShouldBe(3);
    }

    [Fact]
    public void AJobWithKeepForgetsAfterAGoodRunAndSaysSo()
    {
        _machine.File("holdfast.yaml", "jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n    keep: {last: 2}\n");
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);
        for (var i = 1; i <= 2; i++)
        {
            _machine.File("Documents/todo.txt", $"{i}\n");
            _machine.Run("backup").Text.ShouldNotContain("forgot");
        }
        _machine.File("Documents/todo.txt", "3\n");

        var run = _machine.Run("backup");

        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("forgot 1 snapshot that 'keep' does not keep: 000001-");
        Snapshots().ShouldBe(2);
        _machine.Run("forget", "documents", "--dry-run").Text.ShouldContain("2 snapshots kept, 0 would be forgotten");
    }

    private void BackUpThreeTimes()
    {
        for (var i = 1; i <= 3; i++)
        {
            _machine.File("Documents/todo.txt", $"{i}\n");
            _machine.Run("backup", "Documents", "--to", "mirror:disk").ExitCode.ShouldBe(0);
        }
    }

    private int Snapshots() => Machine.JsonLines(_machine.Run("snapshots", "mirror:disk", "--json").Text).Count;
}
