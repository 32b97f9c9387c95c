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
        Directory.GetDirectories(_machine[".local/state/holdfast"], "drill*").ShouldBeEmpty();
        Target().GetProperty("drill_files").GetInt32().ShouldBe(2);
        _machine.Run("status").Text.ShouldContain(": 2 files came back\n");

        _machine.Run("check", "documents", "--drill", "1").Text.ShouldContain("1 file of 000001-");
        _machine.Run("backup").Text.ShouldMatch(@"last proven: \S+ \S+.*, 1 file came back\n");
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
        Directory.GetDirectories(_machine[".local/state/holdfast"], "drill*").ShouldBeEmpty();
    }

    [Fact]
    public void EveryTargetOfAJobIsProvenAndADamagedOneIsNamed()
    {
        using var web = new WebListener();
        _machine.File("pass", "correct horse\n");
        _machine.File("holdfast.yaml", $$"""
            jobs:
              documents:
                from: Documents
                to: ['mirror:disk', 'library:library', 'volumes:volumes', 'mirror:away']
                gpg_passphrase_file: pass
                schedule: every 1h
                verify: {every: 7d, share: 100%, drill: 5}
            notify: {webhook: {url: '{{web.Url}}'} }
            """);
        foreach (var place in new[] { "disk", "library", "volumes", "away" })
            Directory.CreateDirectory(_machine[place]);
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        Directory.Move(_machine["away"], _machine["elsewhere"]); // A disk that is not there is proven when it comes.
        var proven = _machine.Run("daemon", "--once");
        foreach (var target in new[] { "mirror:" + _machine["disk"], "library:" + _machine["library"], "volumes:" + _machine["volumes"] })
            proven.Text.ShouldContain($"documents/verify {target} ended with 0 (done)");
        Targets().Take(3).ShouldAllBe(t => t.GetProperty("drill_files").GetInt32() == 2 && t.GetProperty("bytes_never_read_back").GetInt64() == 0);
        Targets().Last().GetProperty("last_drill").ValueKind.ShouldBe(JsonValueKind.Null);
        web.All.ShouldBeEmpty();

        Directory.Move(_machine["elsewhere"], _machine["away"]);
        Damage("library/todo.txt");
        Damage("away/mirror/todo.txt");
        _machine.Run("daemon", "--once").Text.ShouldContain($"documents/verify mirror:{_machine["away"]} ended with 1");
        File.Delete(_machine[".local/state/holdfast/daemon.json"]); // As a week later.
        _machine.Run("daemon", "--once").Text.ShouldContain($"documents/verify library:{_machine["library"]} ended with 1");
        web.All.Select(a => JsonDocument.Parse(a.Body).RootElement.GetProperty("report").GetProperty("target").GetString()!.Split('/')[^1]).Distinct().Order(StringComparer.Ordinal).ShouldBe(["away", "library"]);
        _machine.Run("check", "documents", "--target", "mirror:nowhere").ErrorText.ShouldContain("is no target of 'documents'");
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
    private void Damage(string name = "disk/mirror/todo.txt")
    {
        var file = _machine[name];
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "BUY milk\n");
        File.SetLastWriteTimeUtc(file, time);
    }

    private JsonElement Target() => Targets()[0];

    private List<JsonElement> Targets() => [.. Machine.JsonLines(_machine.Run("status", "documents", "--json").Text).Single().GetProperty("targets").EnumerateArray()];

    private void Config(string keys, string more = "")
    {
        _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n    {keys}\n{more}\n");
        _machine.Run("init", "documents").Checked("holdfast");
    }
}
