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
          фото: {from: Documents, to: ['mirror:disk5', 'mirror:disk6'], schedule: "5 3 * * mon,thu", verify: {every: 7d} }
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
            ["holdfast-documents.service", "holdfast-documents.timer", "holdfast-often.service", "holdfast-often.timer", "holdfast-odd.service", "holdfast-odd.timer",
            .. new[] { "", ":check:1", ":check:2" }.SelectMany(part => new[] { ".service", ".timer" }.Select(end => "holdfast-" + Command.Must("systemd-escape", "фото").Text.Trim() + part + end))]);
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
        lines.Length.ShouldBe(5); // Seven hours are no divisor of a day.
        lines[3].ShouldStartWith("0 0 * * 0 nice -n 10 ");
        lines[3].ShouldContain(" check 'фото' --target mirror:");
        lines[0].ShouldStartWith("0 20 * * * nice -n 10 ");
        lines[1].ShouldStartWith("0 */6 * * * ");
        _machine.Run("init", "documents").Checked("holdfast");
        Command.Run("sh", ["-c", lines[0]["0 20 * * * ".Length..].Replace("\\%", "%")], environment: _machine.Environment).Checked("sh");
        File.Exists(_machine["disk/mirror/todo.txt"]).ShouldBeTrue();
    }

    /// <summary>In a mount namespace, so that nobody's own crontab is touched.</summary>
    [Fact]
    public void TheRealCrontabTakesTheLinesAndKeepsOthers()
    {
        Peer.RequireRoot();
        Peer.Require("unshare", "crontab");
        var installed = Command.Run(
            "unshare",
            ["-m", "sh", "-ec", "mount -t tmpfs none /var/spool/cron; mkdir -m 1730 /var/spool/cron/crontabs; echo '0 1 * * * mine' | crontab -; \"$@\"; \"$@\"; crontab -l", "sh", "dotnet", Machine.Program, "schedule", "install", "--by", "cron"],
            folder: _machine.Root,
            environment: _machine.Environment).Checked("unshare").Text;
        installed.ShouldContain("5 lines in the crontab");
        var lines = installed[(installed.LastIndexOf("shows them)", StringComparison.Ordinal) + 12)..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("0 1 * * * mine");
        lines.Length.ShouldBe(1 + 2 + 5);
    }

    [Fact]
    public void TasksOfWindowsFollowItsSchema()
    {
        var show = _machine.Run("schedule", "show", "--by", "windows", "--json");
        show.ErrorText.ShouldContain("on-mount");
        var tasks = Machine.JsonLines(show.Text);
        tasks.Select(t => t.GetProperty("name").GetString()).ShouldBe(["documents.xml", "often.xml", "odd.xml", "фото.xml", "фото check 1.xml", "фото check 2.xml"]);
        foreach (var task in tasks)
            TaskSchema.Problems(task.GetProperty("text").GetString()!).ShouldBeEmpty();
        var text = tasks[0].GetProperty("text").GetString()!;
        text.ShouldContain("<StartBoundary>2026-01-01T20:00:00</StartBoundary>");
        text.ShouldContain("<RandomDelay>PT5M</RandomDelay>");
        text.ShouldContain("<Command>wsl.exe</Command>");
        text.ShouldContain($"--user {Environment.UserName} --exec nice -n 10 ");
        tasks[2].GetProperty("text").GetString()!.ShouldContain("<Interval>PT7H</Interval>");
        TaskSchema.Problems(text.Replace("<StartBoundary>", "<Begin>").Replace("</StartBoundary>", "</Begin>")).ShouldNotBeEmpty();

        var install = _machine.Run("schedule", "install", "--by", "windows");
        install.ExitCode.ShouldBe(1);
        install.ErrorText.ShouldContain("there is no schtasks.exe");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("", "\"\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("end \\", "\"end \\\\\"")]
    public void WordsAreQuotedAsWindowsPartsThem(string word, string quoted) => WindowsTasks.Quoted(word).ShouldBe(quoted);

    [Fact]
    public void OnlyOurLinesOfACrontabAreReplaced()
    {
        const string others = "# mine\n0 1 * * * true\n";
        ScheduleInstallation.Without(others).ShouldBe(others);
        ScheduleInstallation.Without($"{others}# holdfast begin: x\n0 2 * * * holdfast\n# holdfast end\n5 5 * * * false\n").ShouldBe(others + "5 5 * * * false\n");
        ScheduleInstallation.Without("").ShouldBe("");
    }
}
