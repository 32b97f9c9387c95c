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
    public void AFileGoesOutOfTheHistoryAndWhatTheNewestSnapshotListsStays()
    {
        _machine.File("Documents/Videos/long.mkv", new string('v', 5000));
        BackUpThreeTimes();
        File.Delete(_machine["Documents/Videos/long.mkv"]);
        _machine.Run("backup", "Documents", "--to", "mirror:disk").ExitCode.ShouldBe(0);

        var dry = _machine.Run("forget", "mirror:disk", "--path", "*.mkv", "--path", "todo.txt", "--dry-run");
        dry.ExitCode.ShouldBe(0);
        dry.Text.ShouldContain("Videos/long.mkv  from 000001-");
        dry.Text.ShouldContain("would be forgotten");
        _machine.Run("cat", "mirror:disk", "Videos/long.mkv", "--at", "2").ExitCode.ShouldBe(0);

        var found = Machine.JsonLines(_machine.Run("forget", "mirror:disk", "--path", "*.mkv", "--path", "todo.txt", "--json").Text);
        found.Select(f => f.GetProperty("path").GetString()).ShouldBe(["Videos/long.mkv", "todo.txt", "todo.txt"]);
        found.Count(f => f.GetProperty("size").GetInt64() == 5000).ShouldBe(1);
        _machine.Run("ls", "mirror:disk", "--at", "2").Text.ShouldNotContain("long.mkv");
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "1").Text.ShouldBe("3\n");
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "4").ExitCode.ShouldNotBe(0);
        Directory.EnumerateFiles(_machine["disk"], "long.mkv", SearchOption.AllDirectories).ShouldBeEmpty();
        Snapshots().ShouldBe(4);
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0);
        _machine.Run("backup", "Documents", "--to", "mirror:disk").ExitCode.ShouldBe(0);
        Snapshots().ShouldBe(4);
        _machine.Run("forget", "mirror:disk", "--path", "*.mkv", "--keep-last", "1").ExitCode.ShouldBe(2);
        _machine.Run("forget", "mirror:disk", "1", "--path", "*.mkv").ExitCode.ShouldBe(2);
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

    [Fact]
    public void KeepForgetsNothingInAPlaceThatRefusedTheRun()
    {
        _machine.File("holdfast.yaml", "jobs:\n  documents:\n    from: Documents/Projects\n    to: ['mirror:disk', 'mirror:second']\n    keep: {last: 1}\n");
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);
        _machine.Run("backup").ExitCode.ShouldBe(0);
        Directory.Delete(_machine["disk"], recursive: true);
        BackUpThreeTimes(); // Another disk is where the first one should be.
        _machine.File("Documents/Projects/new.txt", "new");

        var run = _machine.Run("backup");

        run.ExitCode.ShouldBe(10);
        Snapshots().ShouldBe(3);
        run.Text.ShouldContain("forgot 1 snapshot that 'keep' does not keep: 000001-");

        var byHand = _machine.Run("forget", "documents");
        byHand.ExitCode.ShouldBe(10);
        byHand.ErrorText.ShouldContain("holds the copies of another source");
        Snapshots().ShouldBe(3);
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
