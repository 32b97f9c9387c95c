using System.Globalization;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>The Debian package, installed (PackagedSystem says where).</summary>
public sealed class PackageTests : IDisposable
{
    private const string Config = "/etc/holdfast/holdfast.yaml";
    private readonly PackagedSystem _system = new();

    public void Dispose() => _system.Dispose();

    [Fact]
    public void InstalledItBacksUpRestoresAndServesAndConfigAndStateOutliveIt()
    {
        _system.Run("/usr/bin/holdfast", "--version").Checked("holdfast").Text.ShouldMatch(@"^\d+\.\d+\.\d+");
        Write("srv/documents/a.txt", "one\n");
        Directory.CreateDirectory(_system["mnt/disk"]);
        Write(Config, """
            jobs:
              documents: {from: ../../srv/documents, to: 'mirror:../../mnt/disk/backup', schedule: every 6h}
              photos: {from: ../../srv/documents, to: 'library:../../srv/library'}
            """);

        foreach (var job in new[] { "documents", "photos" })
            _system.Run("/usr/bin/holdfast", "init", job, "--config", Config, "--state", "/var/lib/holdfast").Checked("holdfast");
        _system.Run([.. _system.ExecStart("holdfast.service", new Dictionary<string, string>()), "--once"]).Checked("holdfast daemon");
        File.ReadAllText(_system["mnt/disk/backup/mirror/a.txt"]).ShouldBe("one\n");
        _system.Run("/usr/bin/holdfast", "restore", "documents", "--config", Config, "--state", "/var/lib/holdfast", "--to", "/srv/restored").Checked("holdfast");
        File.ReadAllText(_system["srv/restored/a.txt"]).ShouldBe("one\n");
        Serve();

        _system.Remove();
        File.Exists(_system["usr/bin/holdfast"]).ShouldBeFalse();
        File.Exists(_system["usr/share/man/man1/holdfast.1.gz"]).ShouldBeFalse();
        File.Exists(_system[Config]).ShouldBeTrue();
        File.Exists(_system["var/lib/holdfast/daemon.json"]).ShouldBeTrue();
    }

    [Fact]
    public void ItHoldsAPageForEveryCommandTheCompletionsAndUnitsThatSystemdTakes()
    {
        var files = Command.Must("dpkg-deb", "--contents", _system.Package).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        files.ShouldAllBe(f => f.Contains(" root/root ", StringComparison.Ordinal));
        Directory.GetFiles(_system["usr/share/man/man1"], "holdfast*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            .ShouldBe(CommandTree.All().Select(c => $"holdfast-{c.Words.Replace(' ', '-')}.1.gz").Append("holdfast.1.gz").Order(StringComparer.Ordinal));
        foreach (var (shell, file) in new[] { ("bash", "bash-completion/completions/holdfast"), ("zsh", "zsh/vendor-completions/_holdfast"), ("fish", "fish/vendor_completions.d/holdfast.fish") })
            File.ReadAllText(_system["usr/share/" + file]).ShouldBe(_system.Run("/usr/bin/holdfast", "completion", shell).Checked("holdfast").Text);

        Peer.Require("systemd-analyze");
        var units = Directory.GetFiles(_system["lib/systemd/system"], "holdfast*");
        units.Length.ShouldBe(2);
        foreach (var unit in units.Select(u => Path.GetFileName(u)))
        {
            // The program is not where this system has its own; everything else has to be right here.
            var here = _system["tmp-" + unit];
            var copy = Path.Combine(Directory.CreateDirectory(here).FullName, unit);
            File.WriteAllText(copy, File.ReadAllText(_system["lib/systemd/system/" + unit]).Replace("ExecStart=/usr/bin/holdfast", "ExecStart=/bin/true", StringComparison.Ordinal));
            Command.Run("systemd-analyze", ["verify", "--man=no", copy]).ErrorText.Split('\n').Where(l => l.Contains("holdfast", StringComparison.Ordinal)).ShouldBeEmpty();
            Command.Run("systemd-analyze", ["security", "--offline=true", "--threshold=" + (unit.Contains("server", StringComparison.Ordinal) ? "25" : "65"), copy]).Checked("systemd-analyze");
        }
    }

    private void Serve()
    {
        var port = FreePort.Next();
        using var server = _system.Start(_system.ExecStart("holdfast-server.service", new Dictionary<string, string>
        {
            ["LIBRARY"] = "/srv/library",
            ["LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["OPTIONS"] = "",
        }));
        try
        {
            server.StandardOutput.ReadLine().ShouldNotBeNull().ShouldContain($"127.0.0.1:{port}");
            using var client = new HttpClient();
            ((int)client.GetAsync(new Uri($"http://127.0.0.1:{port}/")).GetAwaiter().GetResult().StatusCode).ShouldBeOneOf(200, 401);
            Command.Must("kill", "-TERM", server.Id.ToString(CultureInfo.InvariantCulture));
            server.WaitForExit(60_000).ShouldBeTrue();
            server.ExitCode.ShouldBe(0);
        }
        finally
        {
            if (!server.HasExited)
                server.Kill(entireProcessTree: true);
        }
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_system[path])!);
        File.WriteAllText(_system[path], text);
    }
}
