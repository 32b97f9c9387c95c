using System.Globalization;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Ceph;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM while a volume is written, packed, encrypted or put: nothing half-done stays, and the next run is good.</summary>
public sealed class InterruptedVolumesTests : IDisposable
{
    private const int Interrupted = 130;

    private readonly Machine _machine = new Machine().WithDocuments();
    private readonly Radosgw _engine;

    public InterruptedVolumesTests(Radosgw engine)
    {
        Peer.Require("gpg", "xz", "setsid", "pgrep", "fallocate");
        _engine = engine;
        _machine.File("pass", "correct horse\n");
    }

    public void Dispose() => _machine.Dispose();

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        var isSoak = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 };
        var (signals, packings) = (new[] { "INT", "TERM" }, new[] { "compress: none", "compress: zstd", "compress: xz", "compress: xz, gpg_passphrase_file: pass" });
        // Each signal and each packing once; all pairs in the soak.
        for (var i = 0; i < signals.Length; i++)
            for (var k = 0; k < packings.Length; k++)
                if (isSoak || k / 2 == i)
                    data.Add(signals[i], packings[k]);
        return data;
    }

    // As in a terminal: the signal goes to the whole group, children too.
    [Theory, MemberData(nameof(Cases))]
    public async Task ASignalWhileAVolumeIsWrittenEndsTheRunAndItsChildren(string signal, string packed)
    {
        _machine.File("holdfast.yaml", $"jobs: {{documents: {{from: Documents, to: 'volumes:disk', {packed}}}}}\n");
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        Endless();
        var staged = _machine["disk/.holdfast/staging"];
        await InterruptAsync(signal, toGroup: true, () => Directory.Exists(staged) && Directory.GetFiles(staged).Length > 0);
        await ShouldHoldAsync(staged);
    }

    [Fact]
    public async Task ASignalToARunWhoseChildHangsEndsBothAtOnce()
    {
        _machine.File("holdfast.yaml", "jobs: {documents: {from: Documents, to: 'volumes:disk', compress: xz}}\n");
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        Endless();
        // Takes nothing, gives nothing, and hears no signal.
        _machine.File("bin/xz", $"#!/bin/sh\ntrap '' INT TERM\ntouch '{_machine["hangs"]}'\nexec sleep 500000\n");
        Command.Must("chmod", "+x", _machine["bin/xz"]);
        await InterruptAsync("INT", toGroup: true, () => File.Exists(_machine["hangs"]), path: _machine["bin"]);
        await ShouldHoldAsync(_machine["disk/.holdfast/staging"]);
    }

    [Theory, InlineData("INT"), InlineData("TERM")]
    public async Task ASignalWhileAVolumeIsPutLeavesNoSnapshot(string signal)
    {
        // At this pace it would take hours.
        string Config(string rate) => $"jobs: {{documents: {{from: Documents, to: 'volumes:s3:{_engine.Http}/holdfast-cli/{Path.GetFileName(_machine.Root)}', compress: none, store: {{credentials_file: '{_engine.CredentialsFile}'{rate}}}}}}}\n";
        _machine.File("holdfast.yaml", Config(""));
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        File.WriteAllBytes(_machine["Documents/large"], System.Security.Cryptography.RandomNumberGenerator.GetBytes(12_000_000));
        _machine.File("holdfast.yaml", Config(", upload_limit: 1KB"));
        var complete = _machine[".local/state/holdfast/stores"];
        await InterruptAsync(signal, toGroup: false, () => Directory.Exists(complete) && Directory.GetFiles(complete, "*.tar*", SearchOption.AllDirectories).Any(f => new FileInfo(f).Length > 12_000_000));
        _machine.File("holdfast.yaml", Config(""));
        Directory.GetFiles(complete, "*.tar*", SearchOption.AllDirectories).ShouldBeEmpty("what was staged is gone");
        Machine.JsonLines(_machine.Run("snapshots", "documents", "--json").Checked("holdfast").Text).Count.ShouldBe(1);
        _machine.Run("backup").Checked("holdfast");
        _machine.Run("check", "documents", "--read-data").Checked("holdfast");
        _machine.Run("restore", "documents", "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_machine["Documents"], _machine["out"]).ShouldBeEmpty();
    }

    /// <summary>What takes long to read and pack; reserved blocks, because holes are passed over.</summary>
    private void Endless()
    {
        for (var i = 0; i < 8; i++)
            Command.Must("fallocate", "-l", "2G", _machine[$"Documents/large {i}"]);
    }

    private async Task InterruptAsync(string signal, bool toGroup, Func<bool> isAtIt, string? path = null)
    {
        var environment = new Dictionary<string, string?>(_machine.Environment, StringComparer.Ordinal);
        if (path is not null)
            environment["PATH"] = path + ":" + Environment.GetEnvironmentVariable("PATH");
        using var run = Command.Start("setsid", ["dotnet", Machine.Program, "backup", "documents"], _machine.Root, environment);
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        for (var step = 0; !isAtIt(); step++)
        {
            run.HasExited.ShouldBeFalse();
            step.ShouldBeLessThan(6000);
            await Task.Delay(10);
        }
        Command.Must("kill", "-" + signal, "--", (toGroup ? -run.Id : run.Id).ToString(CultureInfo.InvariantCulture));
        run.WaitForExit(TimeSpan.FromMinutes(1)).ShouldBeTrue("it ends at once");
        run.ExitCode.ShouldBe(Interrupted, await output + await errors);
        (await errors).ShouldContain("interrupted");
        Command.Run("pgrep", ["-s", run.Id.ToString(CultureInfo.InvariantCulture)]).Text.ShouldBeEmpty("no child is left");
    }

    private async Task ShouldHoldAsync(string staged)
    {
        (Directory.Exists(staged) ? Directory.GetFiles(staged) : []).ShouldBeEmpty("the unfinished volume is gone");
        Directory.GetFiles(_machine["disk"], "*.tar*").Length.ShouldBe(1);
        Directory.GetFiles(_machine[".local/state/holdfast/volumes"]).Where(f => !f.Contains(".db", StringComparison.Ordinal)).ShouldBeEmpty("no spool is left");
        Machine.JsonLines(_machine.Run("snapshots", "documents", "--json").Checked("holdfast").Text).Count.ShouldBe(1);
        foreach (var file in Directory.GetFiles(_machine["Documents"], "large*"))
            File.Delete(file);
        await File.WriteAllTextAsync(_machine["Documents/new.txt"], "new\n");
        _machine.Run("backup").Checked("holdfast");
        _machine.Run("check", "documents", "--read-data").Checked("holdfast");
        _machine.Run("restore", "documents", "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_machine["Documents"], _machine["out"]).ShouldBeEmpty();
    }
}
