using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;
using Holdfast.Volumes;
using Holdfast.Volumes.Codec;
using static Holdfast.Cli.Tests.Running.KilledRun;

namespace Holdfast.Cli.Tests;

/// <summary>kill -9 and a full disk, with the real command: what has a name is whole, and the next run succeeds.</summary>
public sealed class VolumesUnderStressTests : IDisposable
{
    private const int Kills = 12, Mega = 1 << 20;

    private readonly Machine _machine = new();
    private readonly string _source;

    public VolumesUnderStressTests() => _source = _machine.Folder("Documents");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AfterTwelveKillsEveryWholeSnapshotIsWhatItWas()
    {
        Peer.Require("rsync", "gpg");
        _machine.File("pass", "correct horse\n");
        string[] options = ["--volume-size", "500K", "--gpg-passphrase-file", _machine["pass"]];
        var random = new Random(RandomSeed.Next());
        var place = _machine["disk"];
        var states = new List<SortedDictionary<string, string>>();
        var (killed, duration) = (0, TimeSpan.FromMilliseconds(800));
        for (var round = 0; killed < Kills && round < 3 * Kills; round++)
        {
            Change(random);
            states.Add(HashesOf(_source));
            var ended = _machine.RunAndKill(duration * (0.3 + (0.8 * random.NextDouble())), ["backup", "Documents", "--to", "volumes:disk", "--allow-deletions", .. options]);
            killed += ended is null ? 1 : 0;
            // Were all killed, nothing would ever be committed; were none, nothing tested.
            duration = ended ?? duration * 1.03;
            if (File.Exists(Path.Combine(place, ".holdfast/place.json")))
                ShouldHold(states, $"after round {round + 1}");
        }
        killed.ShouldBe(Kills);

        _machine.Run(["backup", "Documents", "--to", "volumes:disk", "--allow-deletions", .. options]).Checked("holdfast");
        _machine.Run(["check", "volumes:disk", "--read-data", "--gpg-passphrase-file", _machine["pass"]]).Checked("holdfast");
        // Without the database too, which may have missed the last volumes.
        Directory.Delete(_machine[".local/state/holdfast/volumes"], recursive: true);
        _machine.Run(["restore", "volumes:disk", "--to", _machine["out"], "--gpg-passphrase-file", _machine["pass"]]).Checked("holdfast");
        Rsync.Differences(_source, _machine["out"]).ShouldBeEmpty();
        Directory.Exists(Path.Combine(place, ".holdfast/staging")).ShouldBeFalse("what killed runs left is removed");
    }

    [Fact]
    public void AFullDiskLeavesThePlaceAsItWas()
    {
        Peer.Require("rsync");
        using var disk = new LoopMount(size: 32 * Mega, under: "/dev/shm");
        Fill("stays", files: 4, size: Mega);
        var target = "volumes:" + Path.Combine(disk.Path, "place");
        _machine.Run("backup", "Documents", "--to", target).Checked("holdfast");
        Command.Must("cp", "-a", _source, _machine["then"]);

        Fill("too much", files: 40, size: Mega);
        foreach (var size in new[] { "100G", "3M" })
        {
            var run = _machine.Run("backup", "Documents", "--to", target, "--volume-size", size);
            run.ExitCode.ShouldBe(1, run.Text + run.ErrorText);
            (run.Text + run.ErrorText).ShouldContain("no space left on the disk");
            (run.Text + run.ErrorText).ShouldContain(disk.Path);
            Directory.GetFiles(Path.Combine(disk.Path, "place")).Length.ShouldBe(1);
            _machine.Run("check", target, "--read-data").Checked("holdfast");
            _machine.Run("restore", target, "--to", _machine[$"out {size}"]).Checked("holdfast");
            Rsync.Differences(_machine["then"], _machine[$"out {size}"]).ShouldBeEmpty();
        }

        Directory.Delete(Path.Combine(_source, "too much"), recursive: true);
        Fill("less", files: 10, size: Mega);
        _machine.Run("backup", "Documents", "--to", target).Checked("holdfast");
        _machine.Run("restore", target, "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_source, _machine["out"]).ShouldBeEmpty();
    }

    [Fact]
    public void ALostLastVolumeIsSaidWhereverTheSnapshotIsUsed()
    {
        Fill("files", files: 10, size: 100_000);
        _machine.Run("backup", "Documents", "--to", "volumes:disk", "--volume-size", "300K").Checked("holdfast");
        File.Delete(Directory.GetFiles(_machine["disk"]).Order(StringComparer.Ordinal).Last());
        _machine.Run("snapshots", "volumes:disk").Text.ShouldContain("incomplete");
        Machine.JsonLines(_machine.Run("snapshots", "volumes:disk", "--json").Text)[0].GetProperty("incomplete").GetBoolean().ShouldBeTrue();
        var restored = _machine.Run("restore", "volumes:disk", "--to", _machine["out"]);
        restored.ExitCode.ShouldBe(3);
        restored.ErrorText.ShouldContain("incomplete");
        Directory.GetFiles(_machine["out"], "*", SearchOption.AllDirectories).Length.ShouldBeInRange(1, 9);
        _machine.Run("restore", "volumes:disk", "--to", _machine["out"], "--delete").ExitCode.ShouldBe(2);
    }

    private void ShouldHold(List<SortedDictionary<string, string>> states, string when)
    {
        var options = new VolumeOptions { Passphrase = Passphrase.Read(_machine["pass"]) };
        using var snapshots = VolumesTarget.InFolder(_machine["disk"], options, _machine[".local/state/holdfast"], TimeProvider.System).OpenSnapshots();
        if (snapshots.Snapshots.LastOrDefault(s => !s.IsIncomplete) is { } newest)
            states.ShouldContain(s => s.SequenceEqual(HashesOf(snapshots, newest)), $"the newest snapshot is no state that the source ever had, {when}");
        snapshots.CheckStructure(TestContext.Current.CancellationToken).Select(f => $"{f.Path}: {f.Problem}").ShouldBeEmpty(when);
    }

    private void Change(Random random)
    {
        for (var i = 0; i < 120; i++)
        {
            var bytes = new byte[random.Next(20_000)];
            random.NextBytes(bytes);
            var folder = Path.Combine(_source, $"folder {random.Next(8)}");
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, $"file {random.Next(40)}"), bytes);
        }
        foreach (var file in Directory.GetFiles(_source, "*", SearchOption.AllDirectories).Where(_ => random.Next(15) == 0))
            File.Delete(file);
    }

    private void Fill(string folder, int files, int size)
    {
        var bytes = new byte[size];
        var path = _machine.Folder("Documents/" + folder);
        for (var i = 0; i < files; i++)
        {
            Random.Shared.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(path, $"file {i}"), bytes);
        }
    }
}
