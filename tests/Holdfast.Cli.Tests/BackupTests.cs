using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void WhatWasBackedUpIsListedAndShown()
    {
        Backup().ExitCode.ShouldBe(0);
        _machine.Run("ls", "mirror:disk").Text.ShouldBe("Projects/\ntodo.txt\n");
        _machine.Run("ls", "-R", "mirror:disk").Text.ShouldBe("Projects/\nProjects/plan.txt\ntodo.txt\n");
        _machine.Run("ls", "mirror:disk", "Projects").Text.ShouldBe("Projects/plan.txt\n");
        _machine.Run("cat", "mirror:disk", "todo.txt", "/Projects/plan.txt").Text.ShouldBe("buy milk\none\n");
    }

    [Fact]
    public void OlderSnapshotsGiveWhatTheyHad()
    {
        Backup();
        _machine.File("Documents/todo.txt", "sleep\n");
        Backup().Text.ShouldContain("1 changed");
        _machine.Run("cat", "mirror:disk", "todo.txt").Text.ShouldBe("sleep\n");
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "2").Text.ShouldBe("buy milk\n");
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "000001").Text.ShouldBe("buy milk\n");
        Machine.JsonLines(_machine.Run("snapshots", "mirror:disk", "--json").Text).Count.ShouldBe(2);
    }

    [Fact]
    public void ARunWithoutChangesAddsNoSnapshotAndNoReport()
    {
        Backup();
        Backup().Text.ShouldContain("unchanged");
        Directory.GetFiles(_machine["disk/.holdfast/reports"]).Length.ShouldBe(1);
        Directory.GetFiles(_machine[".local/state/holdfast/runs"]).Length.ShouldBe(2);
    }

    [Fact]
    public void ADryRunShowsEveryChangeAndWritesNothing()
    {
        var first = Backup("--dry-run");
        first.Text.ShouldContain("new       todo.txt\n");
        Directory.Exists(_machine["disk"]).ShouldBeFalse();
        Backup();
        File.Delete(_machine["Documents/todo.txt"]);
        _machine.File("Documents/letter.txt", "Dear");
        var before = Tree("disk");
        var second = Backup("-n");
        second.ExitCode.ShouldBe(0);
        second.Text.ShouldContain("deleted   todo.txt\n");
        second.Text.ShouldContain("new       letter.txt\n");
        second.Text.ShouldContain("1 new, 1 with new metadata, 1 deleted; 4 B would be added");
        Tree("disk").ShouldBe(before);
    }

    [Fact]
    public void AFileThatCannotBeReadIsNamedAndTheRunEndsWith3()
    {
        using var machine = new Machine();
        Command.Must("chmod", "0777", machine.Root);
        machine.File("Documents/secret.txt");
        machine.File("Documents/open.txt");
        Command.Must("chmod", "0000", machine["Documents/secret.txt"]);
        var run = Command.RunAsOrdinaryUser("dotnet", [Machine.Program, "backup", "Documents", "--to", "mirror:disk"], folder: machine.Root, environment: machine.Environment);
        run.ExitCode.ShouldBe(3, run.ErrorText + run.Text);
        run.Text.ShouldContain("1 path could not be saved");
        run.Text.ShouldContain("secret.txt: ");
        machine.Run("ls", "mirror:disk").Text.ShouldBe("open.txt\n");
    }

    [Fact]
    public void TheReportIsOneObjectWithJsonAndIsKeptTheSame()
    {
        var printed = Machine.JsonLines(Backup("--json").Text).ShouldHaveSingleItem();
        printed.GetProperty("type").GetString().ShouldBe("report");
        printed.GetProperty("complete").GetBoolean().ShouldBeTrue();
        printed.GetProperty("source").GetProperty("files").GetInt64().ShouldBe(2);
        var target = printed.GetProperty("targets")[0];
        target.GetProperty("new").GetInt64().ShouldBe(4);
        var kept = Directory.GetFiles(_machine["disk/.holdfast/reports"]).ShouldHaveSingleItem();
        Path.GetFileNameWithoutExtension(kept).ShouldBe(target.GetProperty("snapshot").GetString());
        System.Text.Json.JsonElement.DeepEquals(System.Text.Json.JsonDocument.Parse(File.ReadAllText(kept)).RootElement, printed).ShouldBeTrue();
        File.ReadAllText(Directory.GetFiles(_machine[".local/state/holdfast/runs"]).Single()).ShouldBe(File.ReadAllText(kept));
    }

    [Fact]
    public void QuietSaysNothing()
    {
        var run = Backup("-q");
        run.Text.ShouldBeEmpty();
        run.ErrorText.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void QuietStillSaysWhatFailed()
    {
        Backup();
        Directory.Delete(_machine["Documents"], recursive: true);
        _machine.Folder("Documents");
        var run = Backup("-q");
        run.Text.ShouldBeEmpty();
        run.ErrorText.ShouldContain("--allow-deletions");
    }

    [Fact]
    public void TheBrakeStopsARunWhoseSourceIsEmpty()
    {
        Backup();
        Directory.Delete(_machine["Documents"], recursive: true);
        _machine.Folder("Documents");
        var stopped = Backup();
        stopped.ExitCode.ShouldBe(1);
        stopped.Text.ShouldContain("--allow-deletions");
        _machine.Run("ls", "mirror:disk", "todo.txt").ExitCode.ShouldBe(0);
        Backup("--allow-deletions").ExitCode.ShouldBe(0);
        _machine.Run("ls", "mirror:disk").Text.ShouldBeEmpty();
    }

    [Fact]
    public void AnAlteredCopyIsFoundByCheckAndNotShownAsGood()
    {
        Backup();
        _machine.File("disk/mirror/todo.txt", "buy wine\n");
        var check = _machine.Run("check", "mirror:disk");
        check.ExitCode.ShouldBe(1);
        check.Text.ShouldContain("mirror/todo.txt: ");
        var cat = _machine.Run("cat", "mirror:disk", "todo.txt");
        cat.ExitCode.ShouldBe(1);
        cat.ErrorText.ShouldContain("altered in the place");
    }

    private Command Backup(params string[] flags) => _machine.Run(["backup", "Documents", "--to", "mirror:disk", .. flags]);

    private string Tree(string folder) => Command.Must("find", _machine[folder], "-printf", "%p %s %T@ %m\n").Text;
}
