using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class ConfigTests : IDisposable
{
    private const string Config = """
        client: laptop
        defaults: {exclude: ["*.tmp"], exclude_if_present: .nobackup}
        jobs:
          documents: {from: Documents, to: mirror:disk/backup}
          photos: {from: Photos, to: mirror:disk/photos}
        """;

    private readonly Machine _machine = new Machine().WithDocuments();

    public ConfigTests()
    {
        _machine.File("holdfast.yaml", Config);
        _machine.File("Photos/a.jpg", "jpeg");
        _machine.Folder("disk");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void APlaceThatWasNotMadeEndsWith10AndSaysWhatToType()
    {
        _machine.Folder("disk/backup");
        var run = _machine.Run("backup", "documents");
        run.ExitCode.ShouldBe(10);
        run.ErrorText.ShouldContain("holdfast init documents");
    }

    [Fact]
    public void InitMakesThePlaceAndBackupRunsEveryJob()
    {
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);
        _machine.Run("init", "photos").ExitCode.ShouldBe(0);
        var reports = Machine.JsonLines(_machine.Run("backup", "--json").Text);
        reports.Select(r => r.GetProperty("job").GetString()).ShouldBe(["documents", "photos"]);
        _machine.Run("ls", "photos").Text.ShouldBe("a.jpg\n");
    }

    [Fact]
    public void AJobThatFailsDoesNotStopTheOthers()
    {
        _machine.Run("init", "photos").ExitCode.ShouldBe(0);
        var run = _machine.Run("backup");
        run.ExitCode.ShouldBe(10);
        run.ErrorText.ShouldContain("documents: ");
        _machine.Run("ls", "photos").Text.ShouldBe("a.jpg\n");
    }

    [Fact]
    public void InitDoesNotMakeTheFolderThatADiskWouldBeMountedOn()
    {
        Directory.Delete(_machine["disk"]);
        var run = _machine.Run("init", "documents");
        run.ExitCode.ShouldBe(10);
        run.ErrorText.ShouldContain("Is its disk mounted?");
        Directory.Exists(_machine["disk"]).ShouldBeFalse();
    }

    [Fact]
    public void AnUnknownJobIsRefusedAndTheNearestNamed()
    {
        var run = _machine.Run("backup", "document");
        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("did you mean 'documents'?");
    }

    [Fact]
    public void FlagsAddToWhatTheConfigSays()
    {
        _machine.Run("init", "documents");
        _machine.File("Documents/a.tmp");
        var report = Machine.JsonLines(_machine.Run("backup", "documents", "--exclude", "Projects/", "--json").Text).Single();
        report.GetProperty("left_out").GetProperty("exclude").GetInt64().ShouldBe(2);
        _machine.Run("ls", "documents").Text.ShouldBe("todo.txt\n");
    }

    [Fact]
    public void OnlyTheListedFilesAreSavedWithFilesFrom()
    {
        _machine.File("list", $"Projects/plan.txt\n{_machine["Documents"]}/missing.txt\n");
        _machine.Run("backup", "Documents", "--to", "mirror:disk/list", "--files-from", "list").ExitCode.ShouldBe(0);
        _machine.Run("ls", "-R", "mirror:disk/list").Text.ShouldBe("Projects/\nProjects/plan.txt\n");
        _machine.File("outside", "/etc/passwd\n");
        _machine.Run("backup", "Documents", "--to", "mirror:disk/list", "--files-from", "outside").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void AFileIsLeftForLaterInThreeRunsAtMost()
    {
        for (var run = 1; run <= 3; run++)
        {
            Backup().ShouldBe(2);
            _machine.Run("ls", "mirror:disk/late").Text.ShouldBe("Projects/\n");
        }
        Backup().ShouldBe(0);
        _machine.Run("ls", "mirror:disk/late").Text.ShouldBe("Projects/\ntodo.txt\n");

        long Backup() => Machine.JsonLines(_machine.Run("backup", "Documents", "--to", "mirror:disk/late", "--min-age", "1h", "--json").Text)
            .Single().GetProperty("left_out").GetProperty("min_age").GetInt64();
    }

    [Fact]
    public void ASourceThatHoldsItsTargetIsRefused() =>
        _machine.Run("backup", "Documents", "--to", "mirror:Documents/backup").ExitCode.ShouldBe(2);

    [Fact]
    public void ExplainNamesTheRuleThatDecides()
    {
        _machine.File("Documents/a.tmp");
        _machine.File("Documents/Cache/.nobackup");
        _machine.File("Documents/Cache/x");
        var lines = Machine.JsonLines(_machine.Run("config", "explain", "documents", "a.tmp", "todo.txt", "Cache/x", _machine["Documents/todo.txt"], "--json").Text);
        lines.Select(l => l.GetProperty("saved").GetBoolean()).ShouldBe([false, true, false, true]);
        lines[0].GetProperty("pattern").GetString().ShouldBe("*.tmp");
        lines[0].GetProperty("where").GetString().ShouldBe("holdfast.yaml:2");
        lines[2].GetProperty("rule").GetString().ShouldBe("exclude_if_present");
    }

    [Fact]
    public void EveryProblemOfAConfigIsNamedWithItsLine()
    {
        _machine.File("bad.yaml", "jobs:\n  a: {from: Documents, to: mirror:disk/a, trck: [x]}\n  b: {from: Documents}\n");
        var run = _machine.Run("config", "check", "--config", "bad.yaml");
        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("bad.yaml:2");
        run.ErrorText.ShouldContain("'track'");
        run.ErrorText.ShouldContain("bad.yaml:3");
    }

    [Fact]
    public void TheShownConfigIsAConfigThatMeansTheSame()
    {
        var shown = _machine.Run("config", "show").Text;
        _machine.File("shown.yaml", shown);
        _machine.Run("config", "show", "--config", "shown.yaml").Text.ShouldBe(shown);
    }

    [Fact]
    public void TheSchemaIsJson() =>
        System.Text.Json.JsonDocument.Parse(_machine.Run("config", "schema").Text).RootElement.TryGetProperty("$schema", out _).ShouldBeTrue();

    [Fact]
    public void InitWritesAConfigThatIsRightAndNeverOverOne()
    {
        File.Delete(_machine["holdfast.yaml"]);
        _machine.Run("init").ExitCode.ShouldBe(0);
        _machine.Run("config", "check").ExitCode.ShouldBe(0);
        var written = File.ReadAllText(_machine["holdfast.yaml"]);
        _machine.Run("init").Text.ShouldContain("there is a config already");
        File.ReadAllText(_machine["holdfast.yaml"]).ShouldBe(written);
    }

    [Fact]
    public void HooksRunAroundARunAndOneThatFailsBeforeStopsIt()
    {
        _machine.File("hooks.yaml", """
            client: laptop
            jobs:
              documents: {from: Documents, to: mirror:disk/backup, before: echo before >> hooks.log, after: echo after >> hooks.log, on_failure: echo failure >> hooks.log}
              broken: {from: Documents, to: mirror:disk/broken, before: exit 3, on_failure: "echo $HOLDFAST_JOB >> hooks.log"}
            """);
        _machine.Run("init", "documents", "--config", "hooks.yaml").ExitCode.ShouldBe(0);
        _machine.Run("init", "broken", "--config", "hooks.yaml").ExitCode.ShouldBe(0);
        _machine.Run("backup", "--config", "hooks.yaml").ExitCode.ShouldBe(1);
        File.ReadAllText(_machine["hooks.log"]).ShouldBe("before\nafter\nbroken\n");
        _machine.Run("snapshots", "broken", "--config", "hooks.yaml").Text.ShouldBe("no snapshots yet\n");
    }
}
