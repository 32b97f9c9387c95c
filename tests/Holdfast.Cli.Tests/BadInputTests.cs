using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AnUnknownOptionIsRefusedAndTheNearestNamed()
    {
        var run = _machine.Run("backup", "Documents", "--to", "mirror:disk", "--dry-rum");
        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("there is no option '--dry-rum'");
        run.ErrorText.ShouldContain("did you mean '--dry-run'?");
        Directory.Exists(_machine["disk"]).ShouldBeFalse();
    }

    [Fact]
    public void AnUnknownCommandIsRefusedAndTheNearestNamed()
    {
        var run = _machine.Run("snapshot", "mirror:disk");
        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("did you mean 'snapshots'?");
    }

    [Fact]
    public void NoCommandIsAnErrorThatPointsToTheHelp()
    {
        var run = _machine.Run();
        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("'holdfast --help'");
    }

    [Fact]
    public void ATargetWithoutAPathToBackUpIsRefused() => _machine.Run("backup", "--to", "mirror:disk").ExitCode.ShouldBe(2);

    [Theory]
    [InlineData("disk")]
    [InlineData("mirrror:disk")]
    [InlineData("mirror:")]
    [InlineData("repository:/srv/repository")]
    public void ATargetThatIsNoneIsRefused(string target)
    {
        var run = _machine.WithDocuments().Run("backup", "Documents", "--to", target);
        run.ExitCode.ShouldBe(2, run.ErrorText);
        run.ErrorText.ShouldNotContain("   at ");
    }

    [Fact]
    public void AMissingSourceIsAnErrorAndMakesNoPlace()
    {
        var run = _machine.Run("backup", "Nowhere", "--to", "mirror:disk");
        run.ExitCode.ShouldBe(1);
        run.ErrorText.ShouldContain("the source is not there");
        Directory.Exists(_machine["disk"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("snapshots")]
    [InlineData("ls")]
    [InlineData("check")]
    public void AMissingPlaceEndsWith10AndSaysWhatToDo(string verb)
    {
        var run = _machine.Run(verb, "mirror:nowhere");
        run.ExitCode.ShouldBe(10);
        run.ErrorText.ShouldContain("Is its disk mounted?");
    }

    [Fact]
    public void AFolderThatIsNoPlaceEndsWith10()
    {
        _machine.File("disk/letter.txt");
        var run = _machine.WithDocuments().Run("backup", "Documents", "--to", "mirror:disk");
        run.ExitCode.ShouldBe(10);
        File.Exists(_machine["disk/letter.txt"]).ShouldBeTrue();
    }

    [Fact]
    public void APlaceOfAnotherSourceEndsWith10()
    {
        _machine.WithBackup().File("Photos/a.jpg");
        _machine.Run("backup", "Photos", "--to", "mirror:disk").ExitCode.ShouldBe(10);
    }

    [Fact]
    public void ALockedPlaceEndsWith11AndNamesTheHolder()
    {
        Peer.Require("flock");
        var run = _machine.WithBackup().Shell("flock disk/.holdfast/lock holdfast backup Documents --to mirror:disk");
        run.ExitCode.ShouldBe(11, run.ErrorText);
        run.ErrorText.ShouldContain("--wait");
    }

    [Fact]
    public void WaitGoesOnWhenTheLockIsFree()
    {
        Peer.Require("flock");
        var run = _machine.WithBackup().Shell("flock disk/.holdfast/lock sh -c 'echo held; read line' < <(sleep 1) | { read held; holdfast backup Documents --to mirror:disk --wait 60s; }");
        run.ExitCode.ShouldBe(0, run.ErrorText);
    }

    [Fact]
    public void AReadOnlyDiskCanBeReadAndIsNotWrittenTo()
    {
        Peer.RequireRoot();
        _machine.WithBackup();
        Command.Must("mount", "--bind", _machine["disk"], _machine["disk"]);
        try
        {
            Command.Must("mount", "-o", "remount,ro,bind", _machine["disk"]);
            _machine.Run("ls", "mirror:disk").Text.ShouldBe("Projects/\ntodo.txt\n");
            _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0);
            var run = _machine.Run("backup", "Documents", "--to", "mirror:disk");
            run.ExitCode.ShouldBe(1);
            run.ErrorText.ShouldContain("read-only");
        }
        finally
        {
            Command.Must("umount", _machine["disk"]);
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("1999-01-01")]
    [InlineData("000077")]
    [InlineData("yesterday")]
    public void ASnapshotThatIsNotThereIsAnErrorThatSaysWhatCanBeAsked(string at)
    {
        var run = _machine.WithBackup().Run("ls", "mirror:disk", "--at", at);
        run.ExitCode.ShouldBe(1);
        run.ErrorText.ShouldContain("'holdfast snapshots' lists them");
    }

    [Fact]
    public void APathThatIsNotInTheSnapshotIsAnError()
    {
        _machine.WithBackup();
        _machine.Run("ls", "mirror:disk", "nothing").ExitCode.ShouldBe(1);
        _machine.Run("cat", "mirror:disk", "nothing").ExitCode.ShouldBe(1);
        _machine.Run("cat", "mirror:disk", "Projects").ErrorText.ShouldContain("is a folder, not a file");
        _machine.Run("cat", "mirror:disk", "../x").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void ErrorsAreObjectsWithJson()
    {
        var run = _machine.Run("ls", "mirror:nowhere", "--json");
        var error = Machine.JsonLines(run.ErrorText).ShouldHaveSingleItem();
        error.GetProperty("type").GetString().ShouldBe("error");
        error.GetProperty("exit_code").GetInt32().ShouldBe(10);
    }

    [Fact]
    public void TheTraceOfAnErrorIsShownOnlyOnRequest()
    {
        _machine.Run("ls", "mirror:nowhere").ErrorText.ShouldNotContain("   at ");
        _machine.Run("ls", "mirror:nowhere", "-v").ErrorText.ShouldContain("   at ");
    }
}
