using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class DaemonTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();
    private Process? _daemon;

    public void Dispose()
    {
        if (_daemon is { HasExited: false })
            _daemon.Kill(entireProcessTree: true);
        _daemon?.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void WhatIsDueIsRunOnceAndNotAgainBeforeItsTime()
    {
        Config("schedule: every 1h");
        var first = Once();
        first.Text.ShouldContain("documents begins\n");
        first.Text.ShouldContain("documents ended with 0 (done)\n");
        Job().GetProperty("targets")[0].GetProperty("snapshots").GetInt32().ShouldBe(1);
        Once().Text.ShouldNotContain("begins");
    }

    [Fact]
    public void ARunByHandCountsForEvery()
    {
        Config("schedule: every 1h");
        _machine.Run("backup").Checked("holdfast");
        Once().Text.ShouldNotContain("begins");
    }

    [Fact]
    public void APauseLetsNothingBegin()
    {
        Config("schedule: every 1h");
        _machine.Run("daemon", "--pause", "2h").Text.ShouldStartWith("no job begins before 20");
        Once().Text.ShouldNotContain("begins");
        Job().GetProperty("paused_until").GetString().ShouldNotBeNull();
        _machine.Run("daemon", "--resume").ExitCode.ShouldBe(0);
        Job().GetProperty("paused_until").ValueKind.ShouldBe(JsonValueKind.Null);
        Once().Text.ShouldContain("begins");
    }

    [Fact]
    public void RunsStandBackAndLastNoLongerThanTheyMay()
    {
        Peer.Require("nice", "ionice");
        using var web = new WebListener();
        Config("schedule: every 1h\n    before: 'nice > nice; ionice > io; sleep 100'", $"daemon: {{nice: 7, io: idle, max_time: 4s}}\nnotify: {{webhook: {{url: '{web.Url}'}}}}");
        var once = Once();
        web.All.ShouldHaveSingleItem().Body.ShouldContain("took longer than 4s (max_time) and was ended");
        once.Text.ShouldContain("documents ended with 1 (failed)");
        File.ReadAllText(_machine["nice"]).ShouldBe("7\n");
        File.ReadAllText(_machine["io"]).ShouldStartWith("idle");
    }

    [Fact]
    public void ARunThatMeetsALockWaitsForIt()
    {
        Peer.Require("flock");
        Config("schedule: every 1h\n    before: touch begun");
        // Held until the run has had time to find it.
        var once = _machine.Shell("flock disk/.holdfast/lock sh -c 'until test -e begun; do sleep 0.1; done; sleep 2' & sleep 0.2; holdfast daemon --once");
        once.Text.ShouldContain("documents ended with 0", customMessage: once.ErrorText);
    }

    [Fact]
    public void ADaemonThatRunsIsSeenEndsWhenAskedAndTheNextOneGoesOn()
    {
        Config("schedule: every 1h\n    before: 'touch begun; test -e go || sleep 60'");
        _daemon = _machine.Start("daemon");
        Eventually(() => File.Exists(_machine["begun"]));
        var job = Job();
        job.GetProperty("daemon").GetBoolean().ShouldBeTrue();
        job.GetProperty("running").GetBoolean().ShouldBeTrue();
        _machine.Run("status").Text.ShouldContain(", running now");
        var second = _machine.Run("daemon");
        second.ExitCode.ShouldBe(11);
        second.ErrorText.ShouldContain("another daemon is at work");

        Command.Must("kill", "-TERM", $"{_daemon.Id}");
        _daemon.WaitForExit(60_000).ShouldBeTrue();
        _daemon.ExitCode.ShouldBe(0);
        Job().GetProperty("daemon").GetBoolean().ShouldBeFalse();
        _machine.File("go");
        Once().Text.ShouldContain("documents ended with 0");
    }

    [Fact]
    public void AKilledDaemonsRunIsGoneOnWith()
    {
        Config("schedule: every 1h\n    before: 'touch begun; test -e go || sleep 60'");
        _daemon = _machine.Start("daemon");
        Eventually(() => File.Exists(_machine["begun"]));
        _daemon.Kill(entireProcessTree: true);
        _daemon.WaitForExit();
        _machine.File("go");
        Once().Text.ShouldContain("documents ended with 0");
    }

    [Fact]
    public void AChangedConfigIsUsedAndABrokenOneIsNot()
    {
        Config("schedule: '0 0 30 2 *'"); // Never.
        _daemon = _machine.Start("daemon");
        var lines = new List<string>();
        _daemon.ErrorDataReceived += (_, e) => { lock (lines) lines.Add(e.Data ?? ""); };
        _daemon.BeginErrorReadLine();
        Eventually(() => Job().GetProperty("daemon").GetBoolean());
        _machine.File("holdfast.yaml", "jobs: [");
        Eventually(() => { lock (lines) return lines.Exists(l => l.Contains("the one before it stays in use")); });
        Config("schedule: every 1h", initialise: false);
        Eventually(() => Job().GetProperty("last_good").ValueKind is not JsonValueKind.Null);
    }

    [Fact]
    public void AMailServerThatHangsPutsNoRunOffAndTheNextDaemonTellsWhatItCouldNot()
    {
        using var mail = new MailServer("hang");
        using var web = new WebListener();
        string Text(string notify) => $$"""
            client: laptop
            jobs:
              first: {from: Documents, to: 'library:disk', schedule: every 1h}
              second: {from: Documents/Projects, to: 'library:disk', schedule: every 1h}
            notify: { {{notify}} }
            """;
        var phone = $"webhook: {{url: '{web.Url}', when: always}}";
        _machine.File("holdfast.yaml", Text($"tries: 1, email: {{smtp: 'localhost:{mail.Port}', from: a@b.example, to: c, when: always, timeout: 5m}}, {phone}"));
        _machine.Run("init", "first").Checked("holdfast");
        _daemon = _machine.Start("daemon");
        // They share a disk, so the second begins when the first is done; and what came later is told otherwise all the same.
        Eventually(() => web.All.Count == 2);
        Machine.JsonLines(_machine.Run("status", "--json").Text).ShouldAllBe(job => job.GetProperty("last_good").ValueKind != JsonValueKind.Null);
        Command.Must("kill", "-TERM", $"{_daemon.Id}");
        _daemon.WaitForExit(60_000).ShouldBeTrue();
        _daemon.ExitCode.ShouldBe(0);

        _machine.File("holdfast.yaml", Text(phone));
        var next = Once();
        Regex.Matches(next.ErrorText, "by email was given up: the config does not name it any more").Count.ShouldBe(2);
        Directory.GetFiles(_machine[".local/state/holdfast/notices"], "*.json").ShouldBeEmpty();
        web.All.Select(a => JsonDocument.Parse(a.Body).RootElement.GetProperty("job").GetString()).Order(StringComparer.Ordinal).ShouldBe(["first", "second"]);
    }

    [Fact]
    public void AJobThatDoesNotSucceedIsAnAlarm()
    {
        using var web = new WebListener();
        Config("schedule: '0 0 30 2 *'\n    alert_after: 1s", $"notify: {{webhook: {{url: '{web.Url}'}}}}");
        Once();
        Thread.Sleep(TimeSpan.FromSeconds(2)); // The alarm counts real seconds from the first look.
        Once().ErrorText.ShouldContain("has not succeeded yet");
        web.All.ShouldHaveSingleItem().Body.ShouldContain("\"outcome\":\"overdue\"");
    }

    [Fact]
    public void OfARunThatCannotTellItselfTheDaemonTells()
    {
        using var web = new WebListener();
        _machine.File("holdfast.yaml", $$"""
            jobs:
              first: {from: Documents, to: 'mirror:disk', schedule: every 1h, before: 'echo "jobs: [" > holdfast.yaml; kill -KILL $PPID'}
              second: {from: Documents, to: 'mirror:disk', schedule: every 1h}
            notify: { webhook: { url: '{{web.Url}}' } }
            """);
        _machine.Run("init", "first").Checked("holdfast");

        var once = Once(); // They share a disk, so the second begins when the first has ended.

        once.Text.ShouldContain("first ended with 137\n");
        once.Text.ShouldContain("second ended with 2 (usage or config)\n");
        var told = web.All.Select(a => JsonDocument.Parse(a.Body).RootElement.GetProperty("text").GetString()!).Order(StringComparer.Ordinal).ToList();
        told.Count.ShouldBe(2);
        told[0].ShouldBe("job 'first' was broken off: it ended with 137\n");
        told[1].ShouldStartWith("job 'second' could not begin, because the config is wrong now:\n");
    }

    [Fact]
    public void ADigestSaysWhatRanAndComesOnceEachTime()
    {
        using var web = new WebListener();
        Config("schedule: '0 0 30 2 *'", $"notify: {{digest: every 1h, webhook: {{url: '{web.Url}'}}}}");
        Once();
        web.All.ShouldBeEmpty(); // The first hour begins now.
        var state = _machine[".local/state/holdfast/daemon.json"];
        _machine.Run("backup").Checked("holdfast");
        _machine.Run("backup", "--max-delete", "0").Checked("holdfast");
        File.WriteAllText(state, Regex.Replace(File.ReadAllText(state), "\"digested\": \"[^\"]*\"", "\"digested\": \"2026-01-01T00:00:00Z\""));
        Once();
        var notice = JsonDocument.Parse(web.All.ShouldHaveSingleItem().Body).RootElement;
        notice.GetProperty("outcome").GetString().ShouldBe("digest");
        notice.GetProperty("text").GetString()!.ShouldContain("documents: 2 runs; the last good one 2");
        notice.GetProperty("text").GetString()!.ShouldContain($"  mirror:{_machine["disk"]}: last proven never\n");
        Once();
        web.All.Count.ShouldBe(1);
    }

    [Fact]
    public void OnItsBatteryTheMachineWaitsWhenItIsToldSo()
    {
        Peer.RequireRoot();
        Peer.Require("unshare");
        Config("schedule: every 1h", "daemon: {on_battery: wait}");
        _machine.File("power/BAT0/type", "Battery\n");
        _machine.File("power/BAT0/status", "Discharging\n");
        _machine.File("power/AC/type", "Mains\n");
        _machine.File("power/AC/online", "0\n");
        var waits = OnThisPower();
        waits.Text.ShouldContain("documents waits: the machine runs on its battery");
        waits.Text.ShouldNotContain("begins");
        _machine.File("power/AC/online", "1\n");
        OnThisPower().Text.ShouldContain("documents ended with 0");
    }

    [Theory]
    [InlineData("u 1\n", true)]
    [InlineData("u 3\n", true)]
    [InlineData("u 4\n", false)]
    [InlineData("", false)]
    public void WhatNetworkManagerSaysOfTheNetworkIsUnderstood(string answer, bool isMetered) => Holdfast.Cli.Daemon.MeteredNetwork.Means(answer).ShouldBe(isMetered);

    [Fact]
    public async Task MetricsAreAnsweredOnThisMachineAlone()
    {
        var port = FreePort.Next();
        Config("schedule: every 1h", $"daemon: {{listen: '127.0.0.1:{port}', metrics: holdfast.prom}}");
        _machine.Run("backup").Checked("holdfast");
        _daemon = _machine.Start("daemon");
        Eventually(() => Job().GetProperty("daemon").GetBoolean());
        Running.Eventually.Listens(port, _daemon); // It says that it works before it listens.
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var text = await client.GetStringAsync("metrics");
        text.ShouldBe(File.ReadAllText(_machine["holdfast.prom"]));
        text.ShouldContain("holdfast_last_run_outcome{job=\"documents\"");
        ((int)(await client.GetAsync("other")).StatusCode).ShouldBe(404);
        Figures.ShouldAgree(text, Job());

        Config("schedule: every 1h", "daemon: {listen: '0.0.0.0:9464'}", initialise: false);
        var check = _machine.Run("config", "check");
        check.ExitCode.ShouldBe(2);
        check.ErrorText.ShouldContain("no address and port of this machine alone");
    }

    [Fact]
    public void MetricsMoveWithTheConfig()
    {
        const string job = "schedule: every 1h\n    before: 'touch begun; while ! test -e go; do sleep 0.1; done'";
        var (before, after) = (FreePort.Next(), FreePort.Next());
        Config(job, $"daemon: {{listen: '127.0.0.1:{before}'}}");
        _daemon = _machine.Start("daemon");
        Eventually(() => File.Exists(_machine["begun"]));
        Running.Eventually.Listens(before, _daemon);

        Config(job, $"daemon: {{listen: '127.0.0.1:{after}'}} # elsewhere", initialise: false);
        _machine.File("go"); // The run ends, and the daemon looks around.

        Running.Eventually.Listens(after, _daemon);
        Eventually(() => !Listens(before));

        static bool Listens(int port)
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            try
            {
                socket.Connect(System.Net.IPAddress.Loopback, port);
                return true;
            }
            catch (System.Net.Sockets.SocketException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void WithoutAScheduleThereIsNothingToDo()
    {
        Config("workers: 1");
        var daemon = _machine.Run("daemon");
        daemon.ExitCode.ShouldBe(2);
        daemon.ErrorText.ShouldContain("no job of the config has a 'schedule'");
    }

    private Command Once() => _machine.Run("daemon", "--once").Checked("holdfast daemon --once");

    private Command OnThisPower() => Command.Run(
        "unshare", ["-m", "sh", "-c", "mount --bind \"$0\" /sys/class/power_supply && exec \"$@\"", _machine["power"], "dotnet", Machine.Program, "daemon", "--once"], folder: _machine.Root, environment: _machine.Environment).Checked("holdfast daemon --once");

    private JsonElement Job() => Machine.JsonLines(_machine.Run("status", "documents", "--json").Text).Single();

    private void Config(string keys, string more = "", bool initialise = true)
    {
        _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n    {keys}\n{more}\n");
        if (initialise)
            _machine.Run("init", "documents").Checked("holdfast");
    }

    private static void Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 600; i++)
        {
            if (condition())
                return;
            Thread.Sleep(100);
        }
        Assert.Fail("it did not come");
    }
}
