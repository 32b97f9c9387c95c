using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class RestoreTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithBackup();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void ASnapshotIsRestoredIntoAFolderAndReadBack()
    {
        var run = _machine.Run("restore", "mirror:disk", "--to", "out", "--verify", "--json");
        run.ExitCode.ShouldBe(0, run.ErrorText);
        var report = Machine.JsonLines(run.Text).ShouldHaveSingleItem();
        report.GetProperty("verified").GetInt64().ShouldBe(2);
        File.ReadAllText(_machine["out/Projects/plan.txt"]).ShouldBe("one\n");
    }

    [Fact]
    public void OnlyWhatIsNamedIsRestored()
    {
        _machine.Run("restore", "mirror:disk", "Projects", "--to", "a").ExitCode.ShouldBe(0);
        _machine.Run("restore", "mirror:disk", "--exclude", "*.txt", "--include", "todo*", "--to", "b").ExitCode.ShouldBe(0);
        _machine.Run("restore", "mirror:disk", "--include", "todo*", "--to", "c").ExitCode.ShouldBe(0);
        File.Exists(_machine["a/todo.txt"]).ShouldBeFalse();
        File.Exists(_machine["b/todo.txt"]).ShouldBeFalse();
        File.Exists(_machine["c/todo.txt"]).ShouldBeTrue();
        File.Exists(_machine["c/Projects/plan.txt"]).ShouldBeFalse();
    }

    [Fact]
    public void InPlacePutsFilesWhereTheyCameFrom()
    {
        File.Delete(_machine["Documents/todo.txt"]);
        var dry = _machine.Run("restore", "mirror:disk", "--in-place", "--dry-run");
        dry.Text.ShouldContain("create    todo.txt\n");
        File.Exists(_machine["Documents/todo.txt"]).ShouldBeFalse();
        _machine.Run("restore", "mirror:disk", "--in-place").ExitCode.ShouldBe(0);
        File.ReadAllText(_machine["Documents/todo.txt"]).ShouldBe("buy milk\n");
    }

    [Fact]
    public void WhatIsThereStaysWithOverwriteNever()
    {
        _machine.File("Documents/todo.txt", "mine\n");
        _machine.Run("restore", "mirror:disk", "--in-place", "--overwrite", "never").Text.ShouldContain("1 kept as they were");
        File.ReadAllText(_machine["Documents/todo.txt"]).ShouldBe("mine\n");
        _machine.Run("restore", "mirror:disk", "--in-place", "--overwrite", "sometimes").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void DeleteRemovesWhatTheSnapshotDoesNotHave()
    {
        _machine.File("Documents/later.txt");
        _machine.Run("restore", "mirror:disk", "--in-place", "--delete").Text.ShouldContain("1 removed");
        File.Exists(_machine["Documents/later.txt"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData]
    [InlineData("--to", "out", "--in-place")]
    public void WhereToIsAskedFor(params string[] flags) => _machine.Run(["restore", "mirror:disk", .. flags]).ExitCode.ShouldBe(2);

    [Fact]
    public void APathThatIsNotThereIsAnErrorAndRestoresNothing()
    {
        _machine.Run("restore", "mirror:disk", "todo.txt", "nothing", "--to", "out").ExitCode.ShouldBe(1);
        File.Exists(_machine["out/todo.txt"]).ShouldBeFalse();
    }
}
