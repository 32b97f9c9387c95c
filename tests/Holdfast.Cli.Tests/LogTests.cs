using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class LogTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void RunsAndErrorsAreLogged()
    {
        Config("log: {dir: logs}");
        _machine.Run("backup", "-q").ExitCode.ShouldBe(10);
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        var log = Log();
        log.ShouldContain("Z error   there is no place at ");
        log.ShouldContain("Z info    job       documents\n    source ");
    }

    [Fact]
    public void TheLogIsJsonWhenThatIsWantedAndLeavesOutWhatMattersLess()
    {
        Config("log: {dir: logs, format: json, level: error}");
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        var line = Machine.JsonLines(Log()).ShouldHaveSingleItem();
        line.GetProperty("level").GetString().ShouldBe("error");
        line.GetProperty("message").GetString()!.ShouldContain("there is no place at ");
    }

    [Fact]
    public void LogsOfDaysLongAgoGo()
    {
        Config("log: {dir: logs, keep_days: 3}");
        var old = _machine.File(".local/state/holdfast/logs/holdfast-20200101.log", "old\n");
        var other = _machine.File(".local/state/holdfast/logs/holdfast-notes.log", "mine\n");
        _machine.Run("backup").ExitCode.ShouldBe(10);
        File.Exists(old).ShouldBeFalse();
        File.Exists(other).ShouldBeTrue();
    }

    [Fact]
    public void PrometheusReadsTheMetrics()
    {
        Peer.Require("python3");
        Config("daemon: {metrics: holdfast.prom}");
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.Run("init", "documents").Checked("holdfast");
        Thread.Sleep(TimeSpan.FromSeconds(1.1)); // Runs are told apart by the second.
        _machine.Run("backup").Checked("holdfast");
        const string script = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families as parse
            for family in parse(open(sys.argv[1]).read()):
                for s in family.samples:
                    print(s.name, s.labels["job"], s.labels["target"].rsplit("/")[-1], s.value)
            """;
        var read = Command.Run("/usr/bin/python3", ["-c", script, _machine["holdfast.prom"]]);
        if (read.ErrorText.Contains("No module named"))
            Peer.Missing("python3-prometheus-client is not installed");
        read.ErrorText.ShouldBe("");
        read.Text.ShouldContain("holdfast_last_run_outcome documents disk 0.0\n");
        read.Text.ShouldContain("holdfast_missing_paths documents disk 0.0\n");
        read.Text.ShouldContain("holdfast_last_success_timestamp_seconds documents disk 1");
    }

    private string Log() => string.Concat(Directory.GetFiles(_machine[".local/state/holdfast/logs"]).Order().Select(File.ReadAllText));

    private void Config(string more) => _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n{more}\n");
}
