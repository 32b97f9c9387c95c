using System.Text.Json;
using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class DrillTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void ADrillRestoresFilesComparesThemAndLeavesNothing()
    {
        Config("");
        _machine.Run("backup").Checked("holdfast");
        var check = _machine.Run("check", "documents", "--drill", "10");
        check.ExitCode.ShouldBe(0);
        check.Text.ShouldContain("2 files of 000001-");
        check.Text.ShouldContain("restored and compared\n");
        Directory.Exists(_machine[".local/state/holdfast/drill"]).ShouldBeFalse();
        Target().GetProperty("drill_files").GetInt32().ShouldBe(2);
        _machine.Run("status").Text.ShouldContain(": 2 files came back\n");

        _machine.Run("check", "documents", "--drill", "1").Text.ShouldContain("1 file of 000001-");
    }

    [Fact]
    public void ADrillFindsWhatDoesNotComeBack()
    {
        Config("");
        _machine.Run("backup").Checked("holdfast");
        Damage();
        var check = _machine.Run("check", "documents", "--drill", "10");
        check.ExitCode.ShouldBe(1);
        check.Text.ShouldContain("todo.txt: could not be restored: ");
        Target().GetProperty("drill_failures").GetInt32().ShouldBe(1);
        Directory.Exists(_machine[".local/state/holdfast/drill"]).ShouldBeFalse();
    }

    [Fact]
    public void TheDaemonProvesCopiesAndTellsOfWhatIsWrong()
    {
        using var web = new WebListener();
        Config("schedule: every 1h\n    verify: {every: 7d, share: 100%, drill: 5}", $"notify: {{webhook: {{url: '{web.Url}'}}}}");
        _machine.Run("backup").Checked("holdfast");
        var once = _machine.Run("daemon", "--once");
        once.Text.ShouldContain("documents/verify ended with 0 (done)");
        Target().GetProperty("drill_files").GetInt32().ShouldBe(2);
        Target().GetProperty("bytes_never_read_back").GetInt64().ShouldBe(0);
        _machine.Run("daemon", "--once").Text.ShouldNotContain("begins");
        web.All.ShouldBeEmpty();

        Damage();
        File.Delete(_machine[".local/state/holdfast/daemon.json"]); // As a week later.
        _machine.Run("daemon", "--once").Text.ShouldContain("documents/verify ended with 1");
        web.All.ShouldHaveSingleItem().Body.ShouldContain("are not what they should be");
    }

    // The same size and time, another content.
    private void Damage()
    {
        var file = _machine["disk/mirror/todo.txt"];
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "BUY milk\n");
        File.SetLastWriteTimeUtc(file, time);
    }

    private JsonElement Target() => Machine.JsonLines(_machine.Run("status", "documents", "--json").Text).Single().GetProperty("targets")[0];

    private void Config(string keys, string more = "")
    {
        _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n    {keys}\n{more}\n");
        _machine.Run("init", "documents").Checked("holdfast");
    }
}
