using System.Globalization;
using System.Text.Json;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>A job with three mirrors, of which any may be away for any number of runs. rsync judges each.</summary>
public sealed class RotatingDisksTests : IDisposable
{
    private static readonly string[] Disks = ["monday", "tuesday", "cellar"];

    private readonly Machine _machine = new Machine().WithDocuments();

    public RotatingDisksTests()
    {
        _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: Documents\n    to: [{string.Join(", ", Disks.Select(d => $"mirror:disks/{d}"))}]\n");
        _machine.Folder("disks");
        _machine.Run("init", "documents").Checked("holdfast");
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void EachDiskHasItsOwnPastAndCatchesUp()
    {
        Peer.Require("rsync");
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        var past = Disks.ToDictionary(d => d, _ => new List<string>());
        for (var run = 1; run <= 12; run++)
        {
            Edit(random, run);
            var present = Disks.Where(d => random.Next(5) < 2 || d == Disks[run % 3]).ToList();
            Plug(present);

            var answer = _machine.Run("backup", "--allow-deletions", "--json");

            // Every disk that is there is done, whatever the others do; one that is not there is not made.
            answer.ExitCode.ShouldBe(present.Count == Disks.Length ? 0 : 10, $"seed {seed}, run {run}: {answer.ErrorText}");
            foreach (var away in Disks.Except(present))
                Directory.Exists(_machine[$"disks/{away}"]).ShouldBeFalse();
            var state = Keep(run);
            foreach (var disk in present)
            {
                past[disk].Add(state);
                Differences(_machine["Documents"], _machine[$"disks/{disk}/mirror"]).ShouldBeEmpty($"seed {seed}, run {run}, {disk}");
            }
        }
        Plug(Disks);
        foreach (var disk in Disks)
            for (var back = 1; back <= past[disk].Count; back++)
            {
                var to = _machine[$"restored-{disk}-{back}"];
                _machine.Run("restore", $"mirror:disks/{disk}", "--at", back.ToString(CultureInfo.InvariantCulture), "--to", to).Checked("holdfast");
                Differences(past[disk][^back], to).ShouldBeEmpty($"seed {seed}: {disk}, {back} back");
            }
    }

    [Fact]
    public void EachFileIsReadOnceForAllDisks()
    {
        File.WriteAllBytes(_machine["Documents/large"], new byte[3_000_000]);
        var report = Report(_machine.Run("backup", "--json"));
        report.GetProperty("source").GetProperty("bytes_read").GetInt64().ShouldBe(3_000_013);
        report.GetProperty("source").GetProperty("files_read").GetInt64().ShouldBe(3);
        report.GetProperty("targets").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public void ADiskThatWasAwayGetsOnlyWhatItLacks()
    {
        _machine.Run("backup").Checked("holdfast");
        Plug(["monday", "tuesday"]);
        _machine.File("Documents/new.txt", "new\n");
        _machine.Run("backup").ExitCode.ShouldBe(10);
        Plug(Disks);

        var report = Report(_machine.Run("backup", "--json"));

        report.GetProperty("source").GetProperty("files_read").GetInt64().ShouldBe(1);
        report.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("snapshot").ValueKind).ShouldBe([JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.String]);
    }

    private static JsonElement Report(Command run) => Machine.JsonLines(run.Text).Single(l => l.GetProperty("type").GetString() == "report");

    private void Edit(Random random, int run)
    {
        for (var i = 0; i < 4; i++)
        {
            var file = _machine[string.Create(CultureInfo.InvariantCulture, $"Documents/{random.Next(3)}/{random.Next(5)}.txt")];
            if (random.Next(4) == 0 && File.Exists(file))
                File.Delete(file);
            else
                File.WriteAllText(Directory.CreateDirectory(Path.GetDirectoryName(file)!).FullName + "/" + Path.GetFileName(file), $"{run} {random.Next()}\n");
        }
        // Something changes in every run, so that every run of a disk is a snapshot.
        _machine.File("Documents/run.txt", string.Create(CultureInfo.InvariantCulture, $"{run}\n"));
    }

    private void Plug(IReadOnlyList<string> present)
    {
        foreach (var disk in Disks)
        {
            var (here, away) = (_machine[$"disks/{disk}"], _machine[$"away-{disk}"]);
            if (present.Contains(disk) && Directory.Exists(away))
                Directory.Move(away, here);
            if (!present.Contains(disk) && Directory.Exists(here))
                Directory.Move(here, away);
        }
    }

    private string Keep(int run)
    {
        var copy = _machine[string.Create(CultureInfo.InvariantCulture, $"kept-{run}")];
        Command.Must("cp", "-a", _machine["Documents"], copy);
        return copy;
    }

    private static string Differences(string expected, string actual) =>
        Command.Must("rsync", "-naAXHi", "--checksum", "--delete", "--modify-window=-1", expected + "/", actual + "/").Text;
}
