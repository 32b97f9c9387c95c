using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>"May I delete this?" answered by volumes: each way in which their yes could cost a file.</summary>
public sealed class SafeVolumesTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    // Another disk than the one with the temporary folder.
    private readonly TemporaryFolder _disk = new("/dev/shm");

    public SafeVolumesTests() => Config();

    public void Dispose()
    {
        _machine.Dispose();
        _disk.Dispose();
    }

    private string Place => _disk["place"];

    private string Todo => _machine["Documents/todo.txt"];

    private IReadOnlyList<string> Volumes => [.. Directory.GetFiles(Place, "*.tar*").Order(StringComparer.Ordinal)];

    [Fact]
    public void AFileInAVolumeThatWasReadBackIsSafeAndStaysSo()
    {
        BackUp();
        var answer = _machine.Run("safe", "Documents/todo.txt");
        answer.ExitCode.ShouldBe(0, answer.Text + answer.ErrorText);
        answer.Text.ShouldContain($"{Volumes[0]}: todo.txt: kept for 3 more snapshots, read back on 2");
        _machine.Run("safe", "Documents", "--verified").Text.ShouldContain("yes: 2 files");

        // The promise itself: deleted, three more runs that forget what they may, and the bytes come back.
        _machine.Run("safe", "--delete", "--yes", "Documents/todo.txt").Checked("holdfast");
        for (var run = 0; run < 3; run++)
        {
            _machine.Run("backup", "--allow-deletions").Checked("holdfast");
            _machine.Run("forget", "documents");
        }
        _machine.Run("cat", "documents", "todo.txt", "--at", Volumes[0].Split('/')[^1].Split('.')[0]).Checked("holdfast").Text.ShouldBe("buy milk\n");
    }

    [Fact]
    public void TheJobThatKeepsShortestDecidesUntilWhen()
    {
        Config(more: ", keep_deleted: 90d");
        BackUp();
        Told().ShouldContain("kept until 20");
        File.AppendAllText(_machine["holdfast.yaml"], $"  more: {{from: Documents, to: 'volumes:{Place}', keep_deleted: 0s}}\n");
        Told().ShouldContain("kept for 3 more snapshots");
        // A place that no job knows may be one of somebody who keeps nothing.
        File.Delete(_machine["holdfast.yaml"]);
        _machine.Run("safe", "Documents/todo.txt", "--in", $"volumes:{Place}").Checked("holdfast").Text.ShouldContain("kept for 3 more snapshots");
    }

    [Fact]
    public void ContentsThatWereReplacedMayGoAtAnyTime()
    {
        BackUp();
        _machine.File("elsewhere/todo.txt", "buy milk\n");
        _machine.Run("safe", "elsewhere/todo.txt").ExitCode.ShouldBe(0);
        File.WriteAllText(Todo, "sleep well\n");
        _machine.Run("backup").Checked("holdfast");
        // The old volume is still there, and nothing promises that it stays.
        _machine.Run("cat", "documents", "todo.txt", "--at", "2").Text.ShouldBe("buy milk\n");
        Refused("elsewhere/todo.txt", "no copy is known");
    }

    [Fact]
    public void WhatIsGoneCountsOnlyAsLongAsItIsKept()
    {
        BackUp();
        _machine.File("elsewhere/todo.txt", "buy milk\n");
        File.Delete(Todo);
        for (var left = 2; left >= 0; left--)
        {
            _machine.Run("backup", "--allow-deletions").Checked("holdfast");
            if (left > 0)
                _machine.Run("safe", "elsewhere/todo.txt").Text.ShouldContain($"kept for {left} more snapshot");
        }
        Refused("elsewhere/todo.txt", "'keep' may let the next run forget it");
    }

    [Theory]
    [InlineData("rm VOLUME", "no copy is known")]
    [InlineData("truncate -s -1 VOLUME", "bytes, not")]
    [InlineData("touch -d '+1 hour' VOLUME", "was written to after it was read back")]
    [InlineData("rm VOLUME; mkdir VOLUME", "VOLUME")]
    public void AVolumeThatIsNotAsItWasReadBackDoesNotCount(string edit, string problem)
    {
        BackUp();
        Command.Bash(edit.Replace("VOLUME", $"'{Volumes[0]}'", StringComparison.Ordinal));
        Refused("Documents/todo.txt", problem.Replace("VOLUME", Path.GetFileName(Volumes.FirstOrDefault() ?? Directory.GetDirectories(Place, "0*").FirstOrDefault() ?? ""), StringComparison.Ordinal));
    }

    [Fact]
    public void AVolumeNobodyKnowsToHaveBeenReadBackDoesNotCountUntilItIs()
    {
        BackUp();
        Directory.Delete(_machine[".local/state/holdfast/volumes"], recursive: true);
        Refused("Documents/todo.txt", "nobody knows whether its volume was ever read back");
        _machine.Run("check", "documents", "--read-data").Checked("holdfast");
        Told().ShouldContain("read back on 2");
        // That date lies in the place, so it outlives the next loss.
        Directory.Delete(_machine[".local/state/holdfast/volumes"], recursive: true);
        Told().ShouldContain("read back on 2");
    }

    [Fact]
    public void RotThatKeepsSizeAndTimeIsFoundByReadingBack()
    {
        Config(more: ", compress: none");
        BackUp();
        Command.Bash($"touch -r '{Volumes[0]}' '{_machine["time"]}'; sed -i 's/buy milk/buy MILK/' '{Volumes[0]}'; touch -r '{_machine["time"]}' '{Volumes[0]}'");
        _machine.Run("safe", "Documents/todo.txt").ExitCode.ShouldBe(0);
        Refused("Documents/todo.txt", "read back, its contents are others", "--verified");
        _machine.Run("safe", "Documents/Projects/plan.txt", "--verified").Text.ShouldContain("read back just now");
    }

    [Fact]
    public void AVolumeOnTheFilesOwnDiskDoesNotCount()
    {
        Config(place: _machine["disk"]);
        BackUp();
        Refused("Documents/todo.txt", "it lies on the same disk as the file");
    }

    [Fact]
    public void OfAFileInPartsEveryVolumeMustCount()
    {
        File.WriteAllBytes(_machine["Documents/large"], System.Security.Cryptography.RandomNumberGenerator.GetBytes(400_000));
        Config(more: ", compress: none, volume_size: 128K");
        BackUp();
        Volumes.Count.ShouldBeGreaterThan(2);
        _machine.Run("safe", "Documents/large", "--verified").Checked("holdfast");
        Command.Must("touch", "-d", "+1 hour", Volumes[1]);
        Refused("Documents/large", "was written to after it was read back");
    }

    private string Told() => _machine.Run("safe", "Documents/todo.txt").Checked("holdfast").Text;

    private void Config(string? place = null, string more = ", keep_deleted: 0s") =>
        _machine.File("holdfast.yaml", $"jobs:\n  documents: {{from: Documents, to: 'volumes:{place ?? Place}', split: 2{more}}}\n");

    private void BackUp()
    {
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
    }

    private void Refused(string path, string because, params string[] options)
    {
        var answer = _machine.Run(["safe", path, .. options]);
        answer.ExitCode.ShouldBe(1, answer.Text + answer.ErrorText);
        answer.Text.ShouldStartWith($"NOT SAFE  {path}: ");
        answer.Text.ShouldContain(because);
    }
}
