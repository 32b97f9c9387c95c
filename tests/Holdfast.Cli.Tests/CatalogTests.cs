using System.Globalization;
using Holdfast.Cli.Tests.Running;
using Holdfast.Core.Catalog;
using Holdfast.Testing.Machines;
using Microsoft.Data.Sqlite;

namespace Holdfast.Cli.Tests;

public sealed class CatalogTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public CatalogTests() => _machine.File("holdfast.yaml", "jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n");

    public void Dispose() => _machine.Dispose();

    private string State => _machine[".local/state/holdfast"];

    private string Database => Path.Combine(State, "catalog.db");

    [Fact]
    public void EveryRunHasARowAndADryRunHasNone()
    {
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);
        _machine.Run("backup", "--dry-run").ExitCode.ShouldBe(0);
        _machine.Run("backup").ExitCode.ShouldBe(0);
        _machine.Run("backup").ExitCode.ShouldBe(0);
        Directory.Move(_machine["Documents"], _machine["elsewhere"]);
        _machine.Run("backup").ExitCode.ShouldNotBe(0);

        var runs = Runs("documents");
        runs.Select(r => r.Outcome).ShouldBe([RunOutcome.Failed, RunOutcome.Complete, RunOutcome.Complete, RunOutcome.Failed]);
        runs[1].Snapshot!.ShouldStartWith("000001-");
        runs[1].Files.ShouldBe(4); // The source, one folder in it, two files.
        runs[2].Snapshot.ShouldBeNull();
        runs[2].Place.ShouldNotBeNull().Length.ShouldBe(32);
        runs.ShouldAllBe(r => r.Target == $"mirror:{_machine["disk"]}");
    }

    [Fact]
    public async Task AnInterruptedRunHasARowToo()
    {
        for (var i = 0; i < 20; i++)
            Command.Must("truncate", "-s", "2G", _machine[string.Create(CultureInfo.InvariantCulture, $"Documents/{i}")]);
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);

        using var process = _machine.Start("backup");
        while (!File.Exists(_machine["disk/.holdfast/lock"]))
            await Task.Yield();
        Command.Must("kill", "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(130);
        Runs("documents").Select(r => r.Outcome).ShouldBe([RunOutcome.Interrupted]);
    }

    [Fact]
    public void AHookThatFailsIsAFailedRun()
    {
        _machine.File("holdfast.yaml", "jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n    before: exit 3\n");
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);

        _machine.Run("backup").ExitCode.ShouldBe(1);

        Runs("documents").Single().Outcome.ShouldBe(RunOutcome.Failed);
    }

    [Fact]
    public void ADamagedCatalogIsSetAsideWithANoteAndTheBackupIsDone()
    {
        BackUp();
        File.WriteAllText(Database, new string('x', 100_000));

        var run = _machine.Run("backup");

        run.ExitCode.ShouldBe(0);
        run.ErrorText.ShouldContain("note: the catalog was damaged");
        File.Exists(Database + ".damaged").ShouldBeTrue();
        Runs("documents").Single().Outcome.ShouldBe(RunOutcome.Complete);
        _machine.Run("backup").ErrorText.ShouldBeEmpty();
    }

    [Fact]
    public void ACatalogDamagedBehindItsFirstPageIsSetAsideAsWell()
    {
        BackUp();
        using (var file = File.OpenWrite(Database))
        {
            var pages = file.Length;
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xff, (int)(pages - 4096)).ToArray());
        }

        var run = _machine.Run("backup");

        run.ExitCode.ShouldBe(0);
        run.ErrorText.ShouldContain("note: the catalog was damaged");
        Runs("documents").Single().Outcome.ShouldBe(RunOutcome.Complete);
    }

    [Fact]
    public void ACatalogThatCannotBeOpenedIsANote()
    {
        Directory.CreateDirectory(Path.Combine(Database, "in the way"));

        var run = BackUp();

        run.ErrorText.ShouldContain("note: the run is not in the catalog");
        Directory.Exists(Path.Combine(Database, "in the way")).ShouldBeTrue();
    }

    [Fact]
    public void ANewerVersionsCatalogIsLeftAlone()
    {
        BackUp();
        Sql("PRAGMA user_version = 1000");

        var run = _machine.Run("backup");

        run.ExitCode.ShouldBe(0);
        run.ErrorText.ShouldContain("newer Holdfast");
        Sql("PRAGMA user_version").ShouldBe(1000L);
        Sql("SELECT count(*) FROM runs").ShouldBe(1L);
    }

    [Fact]
    public void ACatalogThatAnotherProcessHoldsIsANote()
    {
        BackUp();
        using var other = Open();
        using var held = other.BeginTransaction(deferred: false);

        var run = _machine.Run("backup");

        run.ExitCode.ShouldBe(0);
        run.ErrorText.ShouldContain("note: the run is not in the catalog");
        run.ErrorText.ShouldContain("locked");
    }

    [Fact]
    public void WithoutTheStateFolderEverythingListsRestoresAndContinues()
    {
        BackUp();
        Directory.Delete(State, recursive: true);

        _machine.Run("snapshots", "documents").Text.ShouldContain("1 snapshot");
        _machine.Run("restore", "documents", "--to", "out").ExitCode.ShouldBe(0);
        File.ReadAllText(_machine["out/todo.txt"]).ShouldBe("buy milk\n");
        _machine.Run("backup").ExitCode.ShouldBe(0);
        _machine.Run("snapshots", "documents").Text.ShouldContain("1 snapshot");
        Runs("documents").Count.ShouldBe(1);
    }

    private Command BackUp()
    {
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);
        var run = _machine.Run("backup");
        run.ExitCode.ShouldBe(0);
        return run;
    }

    /// <summary>Oldest first.</summary>
    private List<CatalogRun> Runs(string job)
    {
        using var catalog = CatalogDatabase.Open(State);
        return [.. catalog.Runs(job).Reverse()];
    }

    private SqliteConnection Open()
    {
        CatalogDatabase.Open(State + "-to-load-sqlite").Dispose();
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private object? Sql(string text)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
