using System.Text.Json;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Cli.Tests;

/// <summary>Volumes by the usual verbs, with a config and without.</summary>
public sealed class VolumesTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public VolumesTests()
    {
        Peer.Require("gpg", "xz");
        _machine.File("pass", "correct horse\n");
        _machine.File("holdfast.yaml", "jobs: {documents: {from: Documents, to: volumes:disk, split: 2, compress: xz, gpg_passphrase_file: pass, keep_deleted: 0s}}\n");
        _machine.Run("init", "documents").Checked("holdfast");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AJobRunsAndPrintsItsConfigWithoutTheSecret()
    {
        var output = _machine.Run("backup", "documents").Checked("holdfast").Text;
        output.ShouldContain("\"gpg_passphrase_file\":");
        output.ShouldContain("\"split\":2");
        output.ShouldContain("incremental: 4");
        output.ShouldContain(".tar.xz.gpg");
        output.ShouldNotContain("correct horse");
        foreach (var file in Directory.GetFiles(_machine[".local"], "*", SearchOption.AllDirectories).Concat(Directory.GetFiles(_machine["disk"], "*", SearchOption.AllDirectories)))
            File.ReadAllText(file).ShouldNotContain("correct horse");
    }

    [Fact]
    public void TheSecretIsNeverAmongTheArgumentsOfAChild()
    {
        // Every argument of every gpg that runs, as the system shows them.
        var seen = _machine["seen"];
        _machine.File("bin/gpg", $"#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline >> '{seen}'\nexec /usr/bin/gpg \"$@\"\n");
        Command.Must("chmod", "+x", _machine["bin/gpg"]);
        var environment = new Dictionary<string, string?>(_machine.Environment, StringComparer.Ordinal) { ["PATH"] = _machine["bin"] + ":" + Environment.GetEnvironmentVariable("PATH") };
        Command.Run("dotnet", [Machine.Program, "backup", "documents"], folder: _machine.Root, environment: environment).Checked("holdfast");
        File.ReadAllText(seen).ShouldContain("--symmetric");
        File.ReadAllText(seen).ShouldNotContain("correct");
        Directory.Exists(_machine[".gnupg"]).ShouldBeFalse("gpg keeps to its scratch folder");
    }

    [Fact]
    public void TheDatabaseLiesWhereTheFlagSays()
    {
        _machine.Run("backup", "documents", "--database", "caches/").Checked("holdfast");
        Directory.GetFiles(_machine["caches"]).ShouldContain(f => f.EndsWith(".db", StringComparison.Ordinal));
        _machine.Run("backup", "documents", "--database", "one.db").Checked("holdfast").Text.ShouldContain("incremental: 0");
        File.Exists(_machine["one.db"]).ShouldBeTrue();
        _machine.Run("backup", "documents", "--database", "postgres://localhost/holdfast").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void EveryReadingVerbWorksWithoutConfigAndDatabase()
    {
        _machine.Run("backup").Checked("holdfast");
        _machine.File("Documents/todo.txt", "sleep\n");
        _machine.File("Documents/new.txt", "new\n");
        _machine.Run("backup").Checked("holdfast");

        var other = 0;
        Command Elsewhere(params string[] arguments) =>
            _machine.Run([.. arguments, "--gpg-passphrase-file", "pass", "--config", _machine.File("empty.yaml", "client: other\njobs: {x: {from: Documents, to: \"mirror:elsewhere\"}}\n"), "--state", _machine[$"other {other++}"]]);
        Machine.JsonLines(Elsewhere("snapshots", "volumes:disk", "--json").Text).Count.ShouldBe(2);
        Elsewhere("ls", "-R", "volumes:disk").Text.ShouldBe("Projects/\nProjects/plan.txt\nnew.txt\ntodo.txt\n");
        Elsewhere("cat", "volumes:disk", "todo.txt").Text.ShouldBe("sleep\n");
        Elsewhere("cat", "volumes:disk", "todo.txt", "--at", "2").Text.ShouldBe("buy milk\n");
        Elsewhere("find", "volumes:disk", "--name", "new*").Text.ShouldContain("new.txt");
        Elsewhere("diff", "volumes:disk", "2", "1").Text.ShouldContain("new.txt");
        Elsewhere("stats", "volumes:disk").ExitCode.ShouldBe(0);
        Elsewhere("check", "volumes:disk", "--read-data").Checked("holdfast").Text.ShouldContain("no problems found");
        Elsewhere("repair", "volumes:disk").Text.ShouldContain("nothing is missing");
        Elsewhere("restore", "volumes:disk", "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_machine["Documents"], _machine["out"]).ShouldBeEmpty();
    }

    [Theory, InlineData("snapshots"), InlineData("repair"), InlineData("check")]
    public void AWrongPassphraseEndsWithTwelve(string verb)
    {
        _machine.Run("backup").Checked("holdfast");
        _machine.File("wrong", "battery staple\n");
        _machine.Run(verb, "volumes:disk", "--gpg-passphrase-file", "wrong", "--state", _machine["elsewhere"]).ExitCode.ShouldBe(12);
        _machine.Run(verb, "volumes:disk", "--state", _machine["elsewhere"]).ExitCode.ShouldBe(12);
    }

    [Fact]
    public void ForgettingRemovesOnlyWhatIsNotNeeded()
    {
        for (var run = 0; run < 5; run++)
            _machine.Run("backup").Checked("holdfast");
        var dry = _machine.Run("forget", "documents", "--dry-run").Checked("holdfast").Text;
        dry.ShouldContain("it holds last copies");
        Volumes.Count.ShouldBe(5);
        _machine.Run("forget", "documents").Checked("holdfast");
        Volumes.Count.ShouldBeInRange(2, 3);
        _machine.Run("check", "documents").Checked("holdfast");
        _machine.Run("restore", "documents", "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_machine["Documents"], _machine["out"]).ShouldBeEmpty();
        _machine.Run("forget", "documents", "1").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void RepairSaysWhatALostVolumeHeld()
    {
        for (var i = 0; i < 10; i++)
            _machine.File($"Documents/file {i}", $"contents {i}");
        _machine.Run("backup").Checked("holdfast");
        _machine.File("Documents/new.txt", "new\n");
        _machine.Run("backup").Checked("holdfast");
        File.Delete(Volumes[0]);
        Directory.Delete(_machine[".local/state/holdfast/volumes"], recursive: true);
        var repaired = _machine.Run("repair", "documents", "--json");
        repaired.ExitCode.ShouldBe(3);
        var missing = JsonDocument.Parse(repaired.Text).RootElement.GetProperty("missing").EnumerateArray().ToList();
        missing.ShouldAllBe(m => m.GetProperty("problem").GetString()!.Contains("volume 1"));
        missing.Count.ShouldBeGreaterThan(0);
        _machine.Run("backup").Checked("holdfast");
        _machine.Run("repair", "documents").Checked("holdfast");
        _machine.Run("restore", "documents", "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_machine["Documents"], _machine["out"]).ShouldBeEmpty();
    }

    [Fact]
    public void ASwappedDiskIsRefusedAndRotatedDisksHaveEachTheirOwnPast()
    {
        _machine.Run("backup").Checked("holdfast");
        Directory.Move(_machine["disk"], _machine["disk a"]);
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast").Text.ShouldContain("incremental: 4");
        Directory.Move(_machine["disk"], _machine["disk b"]);
        Directory.Move(_machine["disk a"], _machine["disk"]);
        _machine.Run("backup").Checked("holdfast").Text.ShouldContain("incremental: 0");
    }

    [Fact]
    public void ADryRunShowsTheCyclicPartAndWritesNothing()
    {
        _machine.Run("backup").Checked("holdfast");
        var output = _machine.Run("backup", "--dry-run").Checked("holdfast").Text;
        output.ShouldContain("saved again in turn");
        Volumes.Count.ShouldBe(1);
        _machine.Run("backup").Checked("holdfast");
        Volumes.Count.ShouldBe(2);
    }

    private IReadOnlyList<string> Volumes => [.. Directory.GetFiles(_machine["disk"], "*.gpg").Order(StringComparer.Ordinal)];
}
