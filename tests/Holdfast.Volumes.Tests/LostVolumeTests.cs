using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>What is left of runs, and what is said of them, when volumes are lost or damaged.</summary>
public sealed class LostVolumeTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 50, VolumeSize = 20_000 } };

    public void Dispose() => _scene.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task ARunWithoutItsLastVolumeIsListedAndWhatItsOtherVolumesHoldComesBack(bool isDatabaseLost)
    {
        Write(Files(20));
        await _scene.GoodBackupAsync();
        var lost = _scene.VolumeFiles[^1];
        var gone = await File.ReadAllBytesAsync(At("file 00"));
        File.Delete(At("file 00"));
        await _scene.GoodBackupAsync();
        File.Delete(lost);
        if (isDatabaseLost)
            _scene.LoseDatabase();

        using var snapshots = _scene.Target.OpenSnapshots();
        snapshots.Snapshots.Select(s => s.IsIncomplete).ShouldBe([true, false]);
        Read(snapshots, snapshots.Snapshots[0], "file 00").SequenceEqual(gone).ShouldBeTrue();
        var restore = new Restore(snapshots, TimeProvider.System);
        (await Should.ThrowAsync<HoldfastException>(() => restore.RunAsync(snapshots.Snapshots[0], new RestoreOptions { To = _scene["out"], Delete = true, AllowDeletions = true }, new RestoreCounters(), default)))
            .Message.ShouldContain("incomplete");
        // Whoever asks for it gets what there is, and is told that it is not all.
        (await restore.RunAsync(snapshots.Snapshots[0], new RestoreOptions { To = _scene["out"] }, new RestoreCounters(), default)).IsComplete.ShouldBeFalse();
        File.Exists(Path.Combine(_scene["out"], "file 00")).ShouldBeTrue();
    }

    [Fact]
    public async Task WhatTheNewestRunFoundGoneIsNotThereAgainWithoutItsLastVolume()
    {
        Write(Files(20));
        await _scene.GoodBackupAsync();
        File.Delete(At("file 00"));
        Write(Files(20).Skip(1));
        await _scene.GoodBackupAsync();
        File.Delete(_scene.VolumeFiles[^1]);
        _scene.LoseDatabase();

        using (var snapshots = _scene.Target.OpenSnapshots())
        {
            snapshots.Snapshots.Select(s => s.IsIncomplete).ShouldBe([false, true]);
            Listed(snapshots, snapshots.Snapshots[1]).ShouldNotContain("file 00");
            Listed(snapshots, snapshots.Snapshots[0]).ShouldContain("file 00");
        }
        (await _scene.ForgetAsync()).ShouldBe(0, "an incomplete run proves nothing about what is needed");
        await _scene.GoodBackupAsync();
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ALaterVolumeDoesNotHideThatAnOlderOneIsDamaged(bool isDatabaseLost)
    {
        _scene.Options = _scene.Options with { VolumeSize = null };
        Write(Files(5));
        await _scene.GoodBackupAsync();
        await File.WriteAllTextAsync(At("new"), "new");
        await _scene.GoodBackupAsync();
        await DamageAsync(_scene.VolumeFiles[0], "file 03");
        if (isDatabaseLost)
            _scene.LoseDatabase();

        (await RepairAsync()).Missing.Select(m => m.Path).ShouldBe(["file 03"]);
        (await _scene.GoodBackupAsync()).Targets[0].Mended.ShouldBe(1);
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Fact]
    public async Task AFileInPartsIsNamedWhenOneOfThemIsLostHoweverOftenItIsListed()
    {
        _scene.Options = _scene.Options with { VolumeSize = 100_000 };
        Write(["large"], 250_000);
        Write(["a small one, the first to be saved again"]);
        await _scene.GoodBackupAsync();
        await File.WriteAllTextAsync(At("new"), "new");
        await _scene.GoodBackupAsync();
        File.Delete(_scene.VolumeFiles[0]);

        (await RepairAsync()).Missing.Select(m => m.Path).ShouldBe(["large"]);
        (await _scene.GoodBackupAsync()).Targets[0].Mended.ShouldBe(1);
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Fact]
    public async Task ADeletedFileWhoseLastCopyIsLostIsNamedAsLongAsItWouldHaveBeenKept()
    {
        _scene.Options = _scene.Options with { VolumeSize = null, KeepDeleted = TimeSpan.FromDays(3) };
        Write(Files(3));
        await _scene.GoodBackupAsync();
        await File.WriteAllTextAsync(At("short-lived"), "short-lived");
        await _scene.GoodBackupAsync();
        File.Delete(At("short-lived"));
        await _scene.GoodBackupAsync();
        File.Delete(_scene.VolumeFiles[1]);
        _scene.Findings().ShouldBe(["short-lived: only the volume 2 held it, which is not there"]);
        for (var day = 0; day < 4; day++)
        {
            await File.WriteAllTextAsync(At("new"), $"{day}");
            await _scene.GoodBackupAsync();
        }
        _scene.Findings().ShouldBeEmpty();
    }

    private string At(string name) => Path.Combine(_scene.Source, name);

    private static IEnumerable<string> Files(int count) => Enumerable.Range(0, count).Select(i => $"file {i:D2}");

    private void Write(IEnumerable<string> names, int length = 2000)
    {
        foreach (var name in names)
        {
            var bytes = new byte[length];
            Random.Shared.NextBytes(bytes);
            File.WriteAllBytes(At(name), bytes);
        }
    }

    private static IReadOnlyList<string> Listed(ISnapshots snapshots, Snapshot snapshot) =>
        [.. snapshots.Entries(snapshot, EntryPath.Root, default).Select(e => e.Entry.Path.ToString())];

    private static byte[] Read(ISnapshots snapshots, Snapshot snapshot, string path)
    {
        var entry = snapshots.Entries(snapshot, EntryPath.From(path), default).Single();
        using var file = snapshots.Open(entry);
        var bytes = new byte[entry.Entry.Size];
        file.Read(0, bytes).ShouldBe(bytes.Length);
        return bytes;
    }

    private Task<RecordRepairResult> RepairAsync() => _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, CancellationToken.None);

    /// <summary>Changes a byte of a file within the volume; the archive stays one.</summary>
    private async Task DamageAsync(string volume, string name)
    {
        var bytes = await File.ReadAllBytesAsync(volume);
        var held = await File.ReadAllBytesAsync(At(name));
        bytes[bytes.AsSpan().IndexOf(held) + 100] ^= 1;
        Command.Must("chmod", "u+w", volume);
        await File.WriteAllBytesAsync(volume, bytes);
    }
}
