using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Reading;
using Holdfast.Volumes.Tests.Scenes;
using Microsoft.Data.Sqlite;

namespace Holdfast.Volumes.Tests;

/// <summary>The disk of the database is full: that is one target's trouble, and the place is the truth all the same.</summary>
public sealed class FullStateDiskTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task OneTargetFailsTheOthersCommitAndTheNextRunGoesOn()
    {
        using var disk = new LoopMount("ext4", size: 4L << 20, under: "/dev/shm");
        _scene.Options = _scene.Options with { Database = disk.Path + "/" };
        await _scene.GoodBackupAsync();
        for (var i = 0; i < 2000; i++)
            await File.WriteAllTextAsync(Path.Combine(_scene.Source, $"file {i}"), $"{i}");
        Command.Run("dd", ["if=/dev/zero", $"of={disk.Path}/ballast", "bs=4k"]).ExitCode.ShouldNotBe(0, "full");
        // Enough to open it, and not for what the run writes when it commits.
        Command.Must("truncate", "-s", "-150K", disk.Path + "/ballast");
        var other = VolumesTarget.InFolder(_scene["other"], new VolumeOptions { Compression = Codec.Compression.None }, _scene.State, TimeProvider.System);
        using (var source = new FileTreeSource([_scene.Source], _scene.OpenSource))
        {
            var request = new RunRequest { Client = "client", Job = "job", Sources = [_scene.Source], StateFolder = _scene.State, Time = _scene.Clock.AddHours(1), IsAdHoc = true };

            var report = await new Backup(source, [_scene.Target, other], TimeProvider.System).RunAsync(request, new BackupOptions(), new RunCounters(), default);

            report.Targets[0].Failure.ShouldBeOfType<HoldfastException>().Message.ShouldContain("cache");
            report.Targets[1].Failure.ShouldBeNull();
            report.Targets[1].Snapshot.ShouldNotBeNull();
        }
        foreach (var file in Directory.GetFiles(disk.Path, "*.db*"))
            File.Delete(file);
        Should.Throw<HoldfastException>(_scene.Target.OpenSnapshots).Message.ShouldContain("full");
        File.Delete(disk.Path + "/ballast");
        await _scene.GoodBackupAsync();
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Fact]
    public async Task NoVolumeIsDamagedForThat()
    {
        await File.WriteAllTextAsync(Path.Combine(_scene.Source, "file"), "file");
        await _scene.GoodBackupAsync();
        using var place = new DiskPlace(LocalFolders.Open(_scene.Place));
        var reading = new VolumeReading(place, _scene.Options.Codec);

        Should.Throw<HoldfastException>(() => reading.Read(place.List()[0], _ => { }, _ => throw VolumeDatabase.Failed("it", new SqliteException("database or disk is full", 13)), _ => { }, default));
    }
}
