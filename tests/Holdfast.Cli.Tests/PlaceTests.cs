using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>Places that are not what the command takes them for.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("mirror:disk/")]
    [InlineData("mirror:./disk")]
    [InlineData("mirror:link")]
    [InlineData("mirror:clone")]
    public void OnePlaceGivenTwiceIsRefused(string again)
    {
        Backup("mirror:disk").ExitCode.ShouldBe(0);
        File.CreateSymbolicLink(_machine["link"], "disk");
        Command.Must("cp", "-a", _machine["disk"], _machine["clone"]);

        var run = Backup("mirror:disk", again);

        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("the same place");
        run.ErrorText.ShouldContain("mirror:" + _machine["disk"]);
    }

    [Fact]
    public void OnePlaceGivenTwiceIsRefusedBeforeItIsMade()
    {
        Backup("mirror:disk", "mirror:disk/").ExitCode.ShouldBe(2);
        Directory.Exists(_machine["disk"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("disk")]
    [InlineData("disk/mirror")]
    [InlineData("disk/mirror/Projects/new/folder")]
    [InlineData("disk/increments")]
    [InlineData("link/here")]
    public void NothingIsRestoredIntoAPlace(string to)
    {
        Backup("mirror:disk");
        File.CreateSymbolicLink(_machine["link"], "disk/mirror");

        var run = _machine.Run("restore", "mirror:disk", "--to", to);

        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain($"lies in the place '{_machine["disk"]}'");
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(0);
        Directory.Exists(_machine["disk/mirror/here"]).ShouldBeFalse();
        _machine.Run("restore", "mirror:disk", "--to", "disk of mine").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void AFolderThatIsToHoldANewPlaceMustBeThere()
    {
        var run = Backup("mirror:media/usb/backup");

        run.ExitCode.ShouldBe(10);
        (run.Text + run.ErrorText).ShouldContain("Is its disk mounted?");
        Directory.Exists(_machine["media"]).ShouldBeFalse();
    }

    [Fact]
    public void AStateFolderThatIsAFileIsNamedWithTheWayOut()
    {
        _machine.File("state", "a file");

        var run = _machine.Run("backup", "Documents", "--to", "mirror:disk", "--state", "state");

        run.ExitCode.ShouldBe(1);
        run.ErrorText.ShouldContain($"the state folder '{_machine["state"]}' cannot be used");
        run.ErrorText.ShouldContain("--state DIR");
        Directory.Exists(_machine["disk"]).ShouldBeFalse();
    }

    [Fact]
    public void ANewStateFolderIsItsOwnersAlone()
    {
        Backup("mirror:disk").ExitCode.ShouldBe(0);

        Command.Must("stat", "-c", "%a", _machine[".local/state/holdfast"]).Text.ShouldBe("700\n");
    }

    [Fact]
    public void AnIncrementThatSomebodyRemovedIsMissedByEveryReader()
    {
        for (var i = 1; i <= 3; i++)
        {
            _machine.File("Documents/todo.txt", $"{i}\n");
            _machine.File($"Documents/{i}.txt", $"{i}\n");
            Backup("mirror:disk").ErrorText.ShouldBeEmpty();
        }
        var ids = Directory.GetDirectories(_machine["disk/increments"]).Select(d => Path.GetFileName(d)!).Order().ToList();
        Directory.Delete(_machine["disk/increments/" + ids[1]], recursive: true);

        foreach (var verb in new[] { "ls", "snapshots", "check", "stats" })
            _machine.Run(verb, "mirror:disk").ErrorText.ShouldContain($"the increments between {ids[0]} and {ids[2]} are missing", Case.Sensitive, verb);
        _machine.Run("check", "mirror:disk").ExitCode.ShouldBe(1);
        _machine.Run("cat", "mirror:disk", "todo.txt").Text.ShouldBe("3\n");
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "000001").Text.ShouldBe("1\n");

        // Without the client's cache only the records are left, and they do not tell of 2.txt.
        Directory.Delete(_machine[".local/state/holdfast"], recursive: true);
        var run = Backup("mirror:disk");
        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("are missing");
        _machine.Run("cat", "mirror:disk", "2.txt").Text.ShouldBe("2\n");
    }

    private Command Backup(params string[] targets) => _machine.Run(["backup", "Documents", .. targets.SelectMany(t => new[] { "--to", t })]);
}
