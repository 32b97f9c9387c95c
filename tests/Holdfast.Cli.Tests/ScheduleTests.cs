using Holdfast.Cli.Scheduling;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class ScheduleTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public ScheduleTests() => _machine.File("holdfast.yaml", """
        jobs:
          documents: {from: Documents, to: 'mirror:disk', schedule: "0 20 * * *"}
          often: {from: Documents, to: 'mirror:100% $disk', schedule: every 6h}
          odd: {from: Documents, to: 'mirror:disk2', schedule: every 7h}
          stick: {from: Documents, to: 'mirror:disk3', schedule: on-mount}
          byhand: {from: Documents, to: 'mirror:disk4'}
        daemon: {nice: 10, jitter: 5m}
        """);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void SystemdFindsNothingWrongWithTheUnits()
    {
        Peer.Require("systemd-analyze");
        var show = _machine.Run("schedule", "show", "--json");
        show.ExitCode.ShouldBe(0);
        show.ErrorText.ShouldContain("on-mount");
        show.ErrorText.ShouldNotContain("odd");
        var units = Machine.JsonLines(show.Text);
        units.Select(u => u.GetProperty("name").GetString()).ShouldBe(
            ["holdfast-documents.service", "holdfast-documents.timer", "holdfast-often.service", "holdfast-often.timer", "holdfast-odd.service", "holdfast-odd.timer"]);
        var files = units.Select(u => _machine.File("units/" + u.GetProperty("name").GetString(), u.GetProperty("text").GetString()!)).ToList();
        var verified = Command.Run("systemd-analyze", ["verify", "--man=no", .. files], environment: new Dictionary<string, string?> { ["SYSTEMD_UNIT_PATH"] = _machine["units"] + ":" });
        verified.ErrorText.Split('\n').Where(l => l.Contains("holdfast-")).ShouldBeEmpty();
        File.ReadAllText(files[1]).ShouldContain("OnCalendar=*-*-* 20:00:00\nPersistent=true\nRandomizedDelaySec=300s\n");
    }

    [Fact]
    public void ALineOfTheCrontabBacksUpAsTheShellRunsIt()
    {
        Peer.Require("sh", "nice");
        var lines = _machine.Run("schedule", "show", "--by", "cron").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2); // Seven hours are no divisor of a day.
        lines[0].ShouldStartWith("0 20 * * * nice -n 10 ");
        lines[1].ShouldStartWith("0 */6 * * * ");
        _machine.Run("init", "documents").Checked("holdfast");
        Command.Run("sh", ["-c", lines[0]["0 20 * * * ".Length..].Replace("\\%", "%")], environment: _machine.Environment).Checked("sh");
        File.Exists(_machine["disk/mirror/todo.txt"]).ShouldBeTrue();
    }

    [Fact]
    public void OnlyOurLinesOfACrontabAreReplaced()
    {
        const string others = "# mine\n0 1 * * * true\n";
        ScheduleInstallation.Without(others).ShouldBe(others);
        ScheduleInstallation.Without($"{others}# holdfast begin: x\n0 2 * * * holdfast\n# holdfast end\n5 5 * * * false\n").ShouldBe(others + "5 5 * * * false\n");
        ScheduleInstallation.Without("").ShouldBe("");
    }
}
