using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary><c>init JOB --adopt</c> with a copy that rsync made.</summary>
public sealed class AdoptTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public AdoptTests() => _machine.File("holdfast.yaml", "jobs: {documents: {from: Documents, to: 'mirror:copy'}}");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void ACopyOfRsyncBecomesTheMirrorWithoutCopyingAgain()
    {
        Command.Must("rsync", "-a", _machine["Documents/"], _machine["copy"]);
        var inode = Command.Must("stat", "-c", "%i", _machine["copy/todo.txt"]).Text;
        var hint = _machine.Run("init", "documents");
        hint.ExitCode.ShouldBe(10);
        hint.ErrorText.ShouldContain("holdfast init documents --adopt");

        var run = _machine.Run("init", "documents", "--adopt");

        run.ExitCode.ShouldBe(0);
        run.Text.ShouldContain("is the place of job 'documents'");
        run.Text.ShouldContain("nothing was copied");
        _machine.Run("backup", "documents").ExitCode.ShouldBe(0);
        Command.Must("stat", "-c", "%i", _machine["copy/mirror/todo.txt"]).Text.ShouldBe(inode);
        _machine.Run("cat", "documents", "todo.txt").Text.ShouldBe("buy milk\n");
        _machine.Run("check", "documents", "--read-data").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void WhatIsNoCopyOfTheSourceIsRefused()
    {
        _machine.File("copy/letters/one");

        var run = _machine.Run("init", "documents", "--adopt");

        run.ExitCode.ShouldBe(10);
        run.ErrorText.ShouldContain("does not look like a copy");
        Directory.GetFileSystemEntries(_machine["copy"]).ShouldBe([_machine["copy/letters"]]);
    }
}
