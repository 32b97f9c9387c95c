using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Cli.Tests;

/// <summary>A disk that is too small: the run says so and changes nothing, and goes on once there is room.</summary>
public sealed class FullDiskTests
{
    private const int Mega = 1 << 20;

    // What is put into the source and does not fit on a disk of 32 MB.
    private static readonly Dictionary<string, Action<string>> TooMuch = new()
    {
        ["large files"] = folder => Fill(folder, files: 20, size: 2 * Mega),
        ["one file"] = folder => Fill(folder, files: 1, size: 40 * Mega),
        ["many files"] = folder => Fill(folder, files: 3000, size: 12_000),
        ["more names than the disk has inodes"] = folder => Command.Bash("""cd "$1" && seq 20000 | xargs touch""", folder),
    };

    public static TheoryData<string> Cases => [.. TooMuch.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AFirstRunThatDoesNotFitFailsAndSucceedsOnceLessIsToBeSaved(string what)
    {
        Peer.Require("rsync");
        using var disk = new LoopMount(size: 32 * Mega, under: "/dev/shm");
        using var machine = new Machine();
        var source = machine.Folder("Documents");
        Fill(machine.Folder("Documents/fits"), files: 10, size: 100_000);
        TooMuch[what](machine.Folder("Documents/too much"));

        ShouldNotFit(machine, disk, BytesUnder(source));
        machine.Run("snapshots", "mirror:" + disk.Path).Text.ShouldBe("no snapshots yet\n");

        // Other contents, so that nothing can be taken over from what fills the disk now.
        Directory.Delete(Path.Combine(source, "too much"), recursive: true);
        Fill(machine.Folder("Documents/other"), files: 8, size: 2 * Mega);
        ShouldSucceed(machine, disk);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ALaterRunThatDoesNotFitLeavesTheMirrorAndTheHistoryAsTheyWere(string what)
    {
        Peer.Require("rsync");
        using var disk = new LoopMount(size: 32 * Mega, under: "/dev/shm");
        using var machine = new Machine();
        var source = machine.Folder("Documents");
        Fill(machine.Folder("Documents/edited"), files: 10, size: 100_000);
        Fill(machine.Folder("Documents/stays"), files: 4, size: Mega);
        machine.File("Documents/goes", "it will be deleted");
        ShouldSucceed(machine, disk);
        Command.Must("cp", "-a", source, machine["then"]);

        Fill(Path.Combine(source, "edited"), files: 10, size: 100_001);
        File.Delete(Path.Combine(source, "goes"));
        TooMuch[what](machine.Folder("Documents/too much"));
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            ShouldNotFit(machine, disk, BytesUnder(Path.Combine(source, "edited")) + BytesUnder(Path.Combine(source, "too much")));
            Rsync.Differences(machine["then"], Path.Combine(disk.Path, "mirror")).ShouldBeEmpty($"after attempt {attempt}");
            machine.Run("check", "mirror:" + disk.Path).Checked("holdfast");
            Machine.JsonLines(machine.Run("snapshots", "mirror:" + disk.Path, "--json").Text).Count.ShouldBe(1);
        }

        Directory.Delete(Path.Combine(source, "too much"), recursive: true);
        Fill(machine.Folder("Documents/other"), files: 5, size: 2 * Mega);
        ShouldSucceed(machine, disk);
        machine.Run("restore", "mirror:" + disk.Path, "--at", "000001", "--to", machine["out"]).Checked("holdfast");
        Rsync.Differences(machine["then"], machine["out"]).ShouldBeEmpty();
    }

    private static void ShouldNotFit(Machine machine, LoopMount disk, long bytes)
    {
        var run = Backup(machine, disk);
        run.ExitCode.ShouldBe(1, run.Text + run.ErrorText);
        (run.Text + run.ErrorText).ShouldContain("no space left on the disk");
        (run.Text + run.ErrorText).ShouldContain(disk.Path);
        // As long as bytes are missing, they are named; inodes may run out before.
        if (!run.Text.Contains("df -i", StringComparison.Ordinal))
            run.Text.ShouldContain($"of this run have {bytes:N0} bytes, and ");
    }

    private static long BytesUnder(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    private static void ShouldSucceed(Machine machine, LoopMount disk)
    {
        Backup(machine, disk).Checked("holdfast");
        Rsync.Differences(machine["Documents"], Path.Combine(disk.Path, "mirror")).ShouldBeEmpty();
        machine.Run("check", "mirror:" + disk.Path).Checked("holdfast");
    }

    private static Command Backup(Machine machine, LoopMount disk) => machine.Run("backup", "Documents", "--to", "mirror:" + disk.Path, "--allow-deletions");

    private static void Fill(string folder, int files, int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < files; i++)
        {
            Random.Shared.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(folder, $"file {i}"), bytes);
        }
    }
}
