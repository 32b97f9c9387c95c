using Holdfast.Cli.Tests.Running;
using Holdfast.Core.Engine.Safe;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class SafeDeleteTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();
    private readonly TemporaryFolder _disk = new("/dev/shm");

    public SafeDeleteTests()
    {
        _machine.File("holdfast.yaml", $"jobs:\n  documents:\n    from: Documents\n    to: mirror:{_disk["place"]}\n");
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
    }

    public void Dispose()
    {
        _machine.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void OnlyWhatIsSafeGoesAndEveryFileIsWrittenDown()
    {
        _machine.File("Documents/Projects/new.txt", "new\n");
        var hash = Command.Must("sha256sum", _machine["Documents/todo.txt"]).Text[..64];

        var answer = _machine.Run("safe", "--delete", "--yes", "Documents", "-v");

        answer.ExitCode.ShouldBe(1); // One file stays.
        answer.Text.ShouldContain("deleted   Documents/todo.txt");
        Command.Bash("cd \"$1\"; find -type f", _machine["Documents"]).Text.ShouldBe("./Projects/new.txt\n");
        var log = Machine.JsonLines(File.ReadAllText(_machine[".local/state/holdfast/deleted.jsonl"]));
        log.Select(l => l.GetProperty("deleting").GetString()).ShouldBe([_machine["Documents/Projects/plan.txt"], _machine["Documents/todo.txt"]]);
        log[1].GetProperty("sha256").GetString().ShouldBe(hash);
        log[1].GetProperty("place").GetString().ShouldBe($"mirror:{_disk["place"]}");
        File.ReadAllText(log[1].GetProperty("copy").GetString()!).ShouldBe("buy milk\n");
    }

    [Fact]
    public void WithoutATerminalAndWithoutYesNothingIsEvenLookedAt()
    {
        _machine.Run("safe", "--delete", "Documents").ExitCode.ShouldBe(2);
        File.Exists(_machine["Documents/todo.txt"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("y", false)]
    [InlineData("n", true)]
    [InlineData("", true)]
    public void AtATerminalItAsks(string typed, bool stays)
    {
        Peer.Require("script");
        var run = _machine.Shell($"echo '{typed}' | script -qec 'holdfast safe --delete Documents/todo.txt' /dev/null");
        run.Text.ShouldContain("delete 1 file (9 B)? [y/N]");
        File.Exists(_machine["Documents/todo.txt"]).ShouldBe(stays);
    }

    [Fact]
    public void AFolderThatCannotBeReadIsUnknownAndStays()
    {
        _machine.Run("safe", "Documents").ExitCode.ShouldBe(0);
        Command.Bash("chmod 0777 \"$1\" \"$1/Documents\"; chmod -R a+rX \"$1\" \"$2\"; chmod 0700 \"$1/Documents/Projects\"; rm -rf \"$1/.local\"; mkdir -m 0777 \"$1/state\"", _machine.Root, _disk.Path);
        var answer = Command.RunAsOrdinaryUser("dotnet", [Machine.Program, "safe", "--delete", "--yes", "Documents", "--state", "state"], folder: _machine.Root, environment: _machine.Environment);
        if (!Command.IsRoot)
            Command.Must("chmod", "0000", _machine["Documents/Projects"]);

        answer.ExitCode.ShouldBe(Command.IsRoot ? 1 : 0, answer.Text + answer.ErrorText);
        if (Command.IsRoot)
            answer.Text.ShouldContain("NOT SAFE  Documents/Projects: ");
        File.Exists(_machine["Documents/todo.txt"]).ShouldBeFalse();
        Command.Must("chmod", "0755", _machine["Documents/Projects"]);
    }

    [Fact]
    public void WhatChangedBetweenTheAnswerAndTheDeletionStays()
    {
        Between("todo.txt", file => File.WriteAllText(file, "buy MILK\n")).ShouldBe("it changed since it was looked at");
        File.ReadAllText(_machine["Documents/todo.txt"]).ShouldBe("buy MILK\n");
    }

    [Fact]
    public void AnotherFileWithTheSameBytesIsAnotherFile()
    {
        Between("todo.txt", file =>
        {
            File.Copy(file, file + ".new");
            File.Move(file + ".new", file, overwrite: true);
        }).ShouldBe("it changed since it was looked at");
        File.Exists(_machine["Documents/todo.txt"]).ShouldBeTrue();
    }

    [Fact]
    public void ALinkInPlaceOfTheFileIsNotFollowed()
    {
        Between("todo.txt", file =>
        {
            File.Move(file, _machine["kept.txt"]);
            File.CreateSymbolicLink(file, _machine["kept.txt"]);
        }).ShouldNotBeNull();
        File.ReadAllText(_machine["kept.txt"]).ShouldBe("buy milk\n");
        new FileInfo(_machine["Documents/todo.txt"]).LinkTarget.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Documents/Projects", "plan.txt")]
    [InlineData("Documents", "Projects/plan.txt")]
    public void ALinkInPlaceOfAFolderOnTheWayIsNotFollowed(string folder, string below)
    {
        // The very same file, reached through a link: its inode, size and time agree, and still the path is another.
        Between("Projects/plan.txt", _ =>
        {
            Directory.Move(_machine[folder], _machine["moved"]);
            Directory.CreateSymbolicLink(_machine[folder], _machine["moved"]);
        }).ShouldNotBeNull();
        File.ReadAllText(Path.Combine(_machine["moved"], below)).ShouldBe("one\n");
    }

    [Fact]
    public void ACopyThatWentMeanwhileSavesTheFile()
    {
        Between("todo.txt", _ => Command.Bash("rm \"$1\"/increments/*/track/todo.txt", _disk["place"])).ShouldBe("its copy does not count any more: it is missing from the place");
        File.Exists(_machine["Documents/todo.txt"]).ShouldBeTrue();
    }

    [Fact]
    public void WhatReplacesTheFileInTheLastMomentStays()
    {
        Between("todo.txt", _ => { }, last: file =>
        {
            File.Delete(file);
            File.WriteAllText(file, "buy bread\n");
        }).ShouldBe("it changed since it was looked at");
        File.ReadAllText(_machine["Documents/todo.txt"]).ShouldBe("buy bread\n");
    }

    /// <summary>Judges a file, lets something happen, and deletes it.</summary>
    private string? Between(string path, Action<string> happens, Action<string>? last = null)
    {
        using var snapshots = new MirrorTarget(_disk["place"], LocalFolders.Open).OpenSnapshots();
        var check = new SafeCheck([new CopyPlace("mirror", (ICopies)snapshots, _ => KeptUntil.NothingIsForgotten)], readBack: false);
        using var tree = LocalTree.Open(System.Text.Encoding.UTF8.GetBytes(_machine["Documents"]));
        var items = tree.Walk(default).ToList();
        var verdict = check.Judge([LocalFile.Read(items.Single(i => i.Path == EntryPath.From("Documents/" + path)))], default).Single();
        verdict.IsSafe.ShouldBeTrue();

        happens(_machine["Documents/" + path]);
        return new SafeDeletion(check).Delete(verdict, _ => last?.Invoke(_machine["Documents/" + path]));
    }
}
