using System.Text.Json;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class StatusTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public StatusTests() => _machine.File("holdfast.yaml", """
        jobs:
          documents:
            from: Documents
            to: [mirror:disk, mirror:second]
            schedule: "0 20 * * *"
        """);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AJobThatNeverRanIsMarked()
    {
        var status = _machine.Run("status");
        status.ExitCode.ShouldBe(0);
        status.Text.ShouldStartWith("documents  ! it has never succeeded\n  last good run  never\n");
        Job().GetProperty("last_good").ValueKind.ShouldBe(JsonValueKind.Null);
        Command.Must("stat", "-c", "%a", _machine[".local/state/holdfast"]).Text.ShouldBe("700\n");
    }

    [Fact]
    public void EachCopyIsShownAsItIs()
    {
        BackUp();
        var job = Job();
        job.GetProperty("problem").ValueKind.ShouldBe(JsonValueKind.Null);
        job.GetProperty("schedule").GetString().ShouldBe("0 20 * * *");
        job.GetProperty("next").GetString()!.ShouldEndWith("T20:00:00Z");
        foreach (var target in job.GetProperty("targets").EnumerateArray())
        {
            target.GetProperty("connected").GetBoolean().ShouldBeTrue();
            target.GetProperty("snapshots").GetInt32().ShouldBe(1);
            target.GetProperty("last_outcome").GetString().ShouldBe("complete");
            target.GetProperty("last_good").GetString().ShouldBe(job.GetProperty("last_good").GetString());
        }
        _machine.Run("status").Text.ShouldContain("    connected, 1 snapshot, the newest of 20");
    }

    [Fact]
    public void ADiskThatIsAwayLagsBehindAndIsRemembered()
    {
        BackUp();
        _machine.Run("status").ExitCode.ShouldBe(0);
        Directory.Move(_machine["second"], _machine["away"]);
        Thread.Sleep(TimeSpan.FromSeconds(1.1)); // Runs are told apart by the second.
        _machine.File("Documents/todo.txt", "buy bread\n");
        _machine.Run("backup").ExitCode.ShouldBe(10);

        var text = _machine.Run("status").Text;
        text.ShouldStartWith("documents  ! its last run failed\n");
        text.ShouldContain("    not connected: ");
        text.ShouldContain(" (lags behind)");
        text.ShouldContain(", 1 snapshot, the newest of 20");
        var (first, second) = (Job().GetProperty("targets")[0], Job().GetProperty("targets")[1]);
        first.GetProperty("snapshots").GetInt32().ShouldBe(2);
        first.GetProperty("last_outcome").GetString().ShouldBe("complete");
        second.GetProperty("connected").GetBoolean().ShouldBeFalse();
        second.GetProperty("not_connected")[0].GetProperty("snapshots").GetInt32().ShouldBe(1);
        second.GetProperty("last_outcome").GetString().ShouldBe("failed");
    }

    [Fact]
    public void ALostCatalogBeginsAnewWithTheKeptReports()
    {
        BackUp();
        var before = Job().GetProperty("last_good").GetString();
        foreach (var file in Directory.EnumerateFiles(_machine[".local/state/holdfast"], "catalog.db*"))
            File.Delete(file);

        Job().GetProperty("last_good").GetString().ShouldBe(before);
    }

    [Fact]
    public void WithoutACatalogThePlacesAreShownAllTheSame()
    {
        BackUp();
        foreach (var file in Directory.EnumerateFiles(_machine[".local/state/holdfast"], "catalog.db*"))
            File.Delete(file);
        Directory.CreateDirectory(_machine[".local/state/holdfast/catalog.db/in the way"]);

        var status = _machine.Run("status");
        status.ExitCode.ShouldBe(0);
        status.Text.ShouldContain("connected, 1 snapshot");
        status.ErrorText.ShouldContain("note: the catalog");
    }

    private void BackUp()
    {
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
    }

    private JsonElement Job() => Machine.JsonLines(_machine.Run("status", "documents", "--json").Text).Single();
}
