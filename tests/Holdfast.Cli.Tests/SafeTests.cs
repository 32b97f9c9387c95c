using System.Text.Json;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>Each way in which "may I delete this?" could be answered with a yes that costs a file.</summary>
public sealed class SafeTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    // Another disk than the one with the temporary folder.
    private readonly TemporaryFolder _disk = new("/dev/shm");

    public SafeTests() => Config();

    public void Dispose()
    {
        _machine.Dispose();
        _disk.Dispose();
    }

    private string Place => _disk["place"];

    private string Todo => _machine["Documents/todo.txt"];

    [Fact]
    public void AFileInASnapshotOnAnotherDiskIsSafeAndStaysSo()
    {
        BackUp();

        var answer = _machine.Run("safe", "Documents/todo.txt");
        answer.ExitCode.ShouldBe(0);
        answer.Text.ShouldStartWith("safe      Documents/todo.txt\n");
        answer.Text.ShouldContain("kept until it is forgotten by hand, not read back yet");
        answer.Text.ShouldContain("yes: 1 file (9 B), each with a copy that survives");

        // The promise itself: deleted, backed up again, the bytes come back.
        File.Delete(Todo);
        _machine.Run("backup", "documents", "--allow-deletions").ExitCode.ShouldBe(0);
        _machine.Run("cat", "documents", "todo.txt", "--at", "2").Text.ShouldBe("buy milk\n");
        _machine.File("elsewhere/renamed.txt", "buy milk\n");
        _machine.Run("safe", "elsewhere/renamed.txt").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void WhatWasNeverBackedUpIsNot()
    {
        BackUp();
        _machine.File("Documents/new.txt", "new\n");
        var answer = _machine.Run("safe", "Documents");
        answer.ExitCode.ShouldBe(1);
        answer.Text.ShouldContain("NOT SAFE  Documents/new.txt: no copy is known");
        answer.Text.ShouldNotContain("todo.txt");
        answer.Text.ShouldContain("no: of 3 files (17 B) 1 has no copy that is known to survive");
    }

    [Fact]
    public void AFileThatChangedSinceTheBackupIsNot()
    {
        BackUp();
        // Same size, same time: only the hash tells.
        var time = File.GetLastWriteTimeUtc(Todo);
        File.WriteAllText(Todo, "buy MILK\n");
        File.SetLastWriteTimeUtc(Todo, time);
        Refused("Documents/todo.txt", "no copy is known");
    }

    [Fact]
    public void ACopyOnTheFilesOwnDiskDoesNotCount()
    {
        Config($"mirror:{_machine["disk"]}");
        BackUp();
        Refused("Documents/todo.txt", "it lies on the same disk as the file");
        // The copy itself is no better: deleting it deletes it.
        Refused("disk/mirror/todo.txt", "it lies on the same disk as the file");
    }

    [Fact]
    public void AnImageInAFileIsTheDiskThatTheFileLiesOn()
    {
        using var loop = new LoopMount(under: _machine.Root);
        Config($"mirror:{loop.Path}/place");
        BackUp();
        Refused("Documents/todo.txt", "it lies on the same disk as the file");
    }

    [Fact]
    public void WhatIsMirroredWithoutHistoryGoesWithItsSource()
    {
        Config(more: "    include: [todo.txt]\n    track: [Projects/]\n");
        BackUp();
        _machine.Run("safe", "Documents/Projects/plan.txt").ExitCode.ShouldBe(0);
        Refused("Documents/todo.txt", "goes with its source");
        File.Exists(Path.Combine(Place, "mirror/todo.txt")).ShouldBeTrue();
    }

    [Fact]
    public void ACurrentFileOfTheMirrorDoesNotCountWithoutItsSnapshot()
    {
        BackUp();
        File.Delete(Track("todo.txt"));
        File.Exists(Path.Combine(Place, "mirror/todo.txt")).ShouldBeTrue();
        Refused("Documents/todo.txt", "it is missing from the place");
    }

    [Theory]
    [InlineData("truncate -s 5 FILE", "it has 5 bytes there, not 9")]
    [InlineData("printf 'buy MILK\\n' > FILE", "its contents there are others")]
    [InlineData("rm FILE; mkdir FILE", "it is no file there")]
    [InlineData("rm FILE; ln -s /etc/passwd FILE", "it is no file there")]
    public void ARecordThatThePlaceNoLongerMatchesDoesNotCount(string edit, string problem)
    {
        BackUp();
        Command.Bash(edit.Replace("FILE", $"'{Track("todo.txt")}'", StringComparison.Ordinal));
        Refused("Documents/todo.txt", problem);
    }

    [Fact]
    public void RotThatKeepsSizeAndTimeIsFoundByReadingBack()
    {
        BackUp();
        var (track, time) = (Track("todo.txt"), File.GetLastWriteTimeUtc(Todo));
        File.WriteAllText(track, "buy MILK\n");
        Command.Must("touch", "-r", Todo, track);

        _machine.Run("safe", "Documents/todo.txt").Text.ShouldContain("not read back yet");
        Refused("Documents/todo.txt", "read back, its contents are others", "--verified");
        _machine.Run("safe", "Documents/Projects/plan.txt", "--verified").Text.ShouldContain("read back just now");
    }

    [Fact]
    public void ADamagedRecordIsNoAnswer()
    {
        BackUp();
        var record = Directory.EnumerateFiles(Path.Combine(Place, "increments"), "entries.jsonl.gz", SearchOption.AllDirectories).Single();
        Command.Must("truncate", "-s", "20", record);
        var answer = _machine.Run("safe", "Documents/todo.txt");
        answer.ExitCode.ShouldBe(1);
        answer.Text.ShouldContain($"not asked mirror:{Place}: ");
    }

    [Fact]
    public void APlaceThatIsNotConnectedIsRememberedButDoesNotCount()
    {
        BackUp();
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(0);
        Directory.Move(Place, _disk["away"]);

        var answer = Refused("Documents/todo.txt", "todo.txt was there on 2");
        answer.ShouldContain("not connected now");
        // The catalog may be lost: then nothing is remembered, and the answer is the same.
        Directory.Delete(_machine[".local/state/holdfast"], recursive: true);
        Refused("Documents/todo.txt", "no copy is known").ShouldContain($"not asked mirror:{Place}: ");
        Directory.Move(_disk["away"], Place);
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void AnotherPlaceUnderTheSamePathDoesNotCount()
    {
        BackUp();
        var id = JsonDocument.Parse(File.ReadAllText(Path.Combine(Place, ".holdfast/place.json"))).RootElement.GetProperty("id").GetString();
        Config(more: $"    place: {id}\n");
        _machine.Run("safe", "Documents/todo.txt").ExitCode.ShouldBe(0);
        _machine.Run("init", "documents", "--new-id");

        Config(more: $"    place: {new string('0', 32)}\n");
        Refused("Documents/todo.txt", "Is another disk mounted here?");
        Config(from: "Other");
        _machine.Folder("Other");
        Refused("Documents/todo.txt", "holds the copies of another source");
    }

    [Fact]
    public void WhatKeepMayForgetWithTheNextRunDoesNotCount()
    {
        Config(more: "    keep: {last: 1}\n");
        BackUp();
        Refused("Documents/todo.txt", "'keep' may let the next run forget it");

        Config(more: "    keep: {last: 3}\n");
        _machine.Run("safe", "Documents/todo.txt").Text.ShouldContain("kept for 2 more snapshots");
        Config(more: "    keep: {within: 14d}\n");
        _machine.Run("safe", "Documents/todo.txt").Text.ShouldContain("kept until 20");
        Config(more: "    keep: {daily: 7}\n");
        Refused("Documents/todo.txt", "'keep' may let the next run forget it");

        // The promise itself.
        Config(more: "    keep: {last: 3}\n");
        File.Delete(Todo);
        for (var i = 0; i < 2; i++)
        {
            _machine.File("Documents/Projects/plan.txt", $"{i}\n");
            _machine.Run("backup", "--allow-deletions").ExitCode.ShouldBe(0);
        }
        _machine.Run("cat", "documents", "todo.txt", "--at", "3").Text.ShouldBe("buy milk\n");
    }

    [Fact]
    public void OfTwoJobsThatUseAPlaceTheOneThatKeepsLessDecides()
    {
        BackUp();
        var both = "  more:\n    from: Documents\n    to: mirror:" + Place + "\n    keep: {last: 1}\n";
        Config(more: both);
        Refused("Documents/todo.txt", "'keep' may let the next run forget it");
        Config(more: both.Replace("last: 1", "last: 3", StringComparison.Ordinal));
        _machine.Run("safe", "Documents/todo.txt").Text.ShouldContain("kept for 2 more snapshots");
    }

    [Fact]
    public void ALinkAFolderAndNothingAtAllAreNoFiles()
    {
        BackUp();
        Command.Must("ln", "-s", "todo.txt", _machine["Documents/link"]);
        Refused("Documents/link", "it is a symbolic link, which is not followed");
        Refused("Documents/none", "there is no such file");
        _machine.Folder("empty");
        _machine.Run("safe", "empty").ExitCode.ShouldBe(1);
        // Below a folder a link holds no contents of its own.
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void AnEmptyFileIsItsName()
    {
        _machine.File("Documents/empty.txt");
        BackUp();
        _machine.Run("safe", "Documents/empty.txt").ExitCode.ShouldBe(0);
        _machine.File("Documents/other.txt");
        Refused("Documents/other.txt", "no copy is known");
    }

    [Fact]
    public void OneOfTwoNamesIsAsSafeAsItsContents()
    {
        Command.Must("ln", Todo, _machine["Documents/again.txt"]);
        BackUp();
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(0);
        _machine.Run("safe", "--delete", "--yes", "Documents/again.txt").ExitCode.ShouldBe(0);
        File.ReadAllText(Todo).ShouldBe("buy milk\n");
    }

    [Fact]
    public void AMetadataChangeDoesNotMakeACopyStale()
    {
        BackUp();
        File.SetLastWriteTimeUtc(Todo, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _machine.Run("backup").ExitCode.ShouldBe(0);
        Directory.Move(_machine["Documents/Projects"], _machine["Documents/Plans"]);
        _machine.Run("backup", "--allow-deletions").ExitCode.ShouldBe(0);
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void ProgramsGetTheWholeAnswer()
    {
        BackUp();
        _machine.File("Documents/new.txt", "new\n");
        var lines = Machine.JsonLines(_machine.Run("safe", "Documents", "--json").Text);
        lines.Count.ShouldBe(4);
        var todo = lines.Single(l => l.GetProperty("type").GetString() == "file" && l.GetProperty("path").GetString() == "Documents/todo.txt");
        todo.GetProperty("safe").GetBoolean().ShouldBeTrue();
        todo.GetProperty("sha256").GetString().ShouldBe(Command.Must("sha256sum", Todo).Text[..64]);
        todo.GetProperty("copies")[0].GetProperty("file").GetString().ShouldBe(Track("todo.txt"));
        todo.GetProperty("copies")[0].GetProperty("kept_forever").GetBoolean().ShouldBeTrue();
        lines[^1].GetProperty("files_safe").GetInt64().ShouldBe(2);
        lines[^1].GetProperty("safe").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void WithoutAConfigThePlaceIsNamed()
    {
        BackUp();
        File.Delete(_machine["holdfast.yaml"]);
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(2);
        _machine.Run("safe", "Documents", "--in", $"mirror:{Place}").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void APlaceUnderAnotherNameIsStillTheJobs()
    {
        Config(more: "    keep: {last: 1}\n");
        BackUp();
        Command.Must("ln", "-s", Place, _machine["link"]);
        Refused("Documents/todo.txt", "'keep' may let the next run forget it", "--in", $"mirror:{_machine["link"]}");
    }

    [Fact]
    public void ASyncedLibraryThatNoConfigNamesGoesWithItsFolder()
    {
        Config(to: $"library:{Place}", more: "    mode: sync\n");
        BackUp();
        _machine.File("elsewhere/todo.txt", "buy milk\n");
        File.Delete(_machine["holdfast.yaml"]);
        Refused("Documents/todo.txt", "is kept the same with it", "--in", $"library:{Place}");
        Refused("Documents/Projects/plan.txt", "is kept the same with it", "--in", $"library:{Place}");
        _machine.Run("safe", "elsewhere/todo.txt", "--in", $"library:{Place}").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void ACopyOfALibraryGoesWithTheLibrarysFiles()
    {
        Config(to: $"library:{_machine["library"]}");
        BackUp();
        _machine.Run("library", "replicate", _machine["library"], Place).Checked("replicate");
        File.Delete(_machine["holdfast.yaml"]);
        Refused("library/todo.txt", "goes with it ('library replicate')", "--in", $"library:{Place}");
        _machine.Run("safe", "Documents/todo.txt", "--in", $"library:{Place}").ExitCode.ShouldBe(0);
    }

    private void Config(string? to = null, string from = "Documents", string more = "") =>
        _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: {from}\n    to: {to ?? $"mirror:{Place}"}\n{more}");

    private void BackUp()
    {
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
    }

    private string Track(string path) => Path.Combine(Directory.EnumerateDirectories(Path.Combine(Place, "increments")).First(), "track", path);

    private string Refused(string path, string because, params string[] options)
    {
        var answer = _machine.Run(["safe", path, .. options]);
        answer.ExitCode.ShouldBe(1, answer.Text + answer.ErrorText);
        answer.Text.ShouldStartWith($"NOT SAFE  {path}: ");
        answer.Text.ShouldContain(because);
        return answer.Text;
    }
}
