using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Codec.Children;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Reading;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Volumes that were away, or could not be read, for a while: what runs did meanwhile must not make them worth less.</summary>
public sealed class VolumeThatCameBackTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 1 } };

    public void Dispose() => _scene.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task WhatWasDeletedMeanwhileIsKeptInIt(bool isDatabaseLost)
    {
        Write("deleted");
        Write("stays");
        await _scene.GoodBackupAsync();
        var away = Path.Combine(_scene["away"]);
        File.Move(_scene.VolumeFiles[0], away);
        File.Delete(At("deleted"));
        await _scene.GoodBackupAsync();
        File.Move(away, Path.Combine(_scene.Place, "000001-20261102T020000Z.tar"));
        if (isDatabaseLost)
            _scene.LoseDatabase();
        for (var run = 0; run < 4; run++)
            await _scene.GoodBackupAsync();

        await _scene.ForgetAsync();

        using var snapshots = _scene.Target.OpenSnapshots();
        Read(snapshots, snapshots.Snapshots[0], "deleted").ShouldBe("deleted");
    }

    [Fact]
    public async Task ARunThatCameAfterItHasANumberOfItsOwn()
    {
        Write("a");
        await _scene.GoodBackupAsync();
        Write("deleted");
        await _scene.GoodBackupAsync();
        var newest = _scene.VolumeFiles[^1];
        var good = await File.ReadAllBytesAsync(newest);
        await File.WriteAllBytesAsync(newest, good[..^5000]);
        _scene.LoseDatabase();
        File.Delete(At("deleted"));
        await _scene.GoodBackupAsync();

        await File.WriteAllBytesAsync(newest, good);
        await _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, default);

        using var snapshots = _scene.Target.OpenSnapshots();
        snapshots.Snapshots.Count.ShouldBe(3);
        Read(snapshots, snapshots.Snapshots[1], "deleted").ShouldBe("deleted");
        snapshots.Entries(snapshots.Snapshots[2], EntryPath.Root, default).ShouldNotContain(e => e.Entry.Path.ToString() == "deleted");
    }

    [Theory, InlineData(Errno.Stale), InlineData(Errno.AccessDenied)]
    public async Task WhatAPassingErrorHidIsThereAgain(Errno error)
    {
        Write("a");
        await _scene.GoodBackupAsync();
        _scene.LoseDatabase();
        var faults = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Read, Path = p => p.ToString().EndsWith(".tar", StringComparison.Ordinal), Error = error });
        _scene.OpenPlace = faults.Open;
        Should.Throw<FileSystemException>(_scene.Target.OpenSnapshots).Error.ShouldBe(error);

        faults.Heal();

        using var after = _scene.Target.OpenSnapshots();
        Read(after, after.Snapshots.ShouldHaveSingleItem(), "a").ShouldBe("a");
        after.CheckStructure(default).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("kill -KILL $$")]
    [InlineData("echo 'xz: (stdin): Cannot allocate memory' >&2; exit 1")]
    [InlineData(null)]
    public async Task AProgramThatCannotGoOnSaysNothingOfIt(string? script)
    {
        Peer.Require("xz");
        _scene.Options = _scene.Options with { Compression = Codec.Compression.Xz };
        Write("a");
        await _scene.GoodBackupAsync();
        if (script is not null)
        {
            await File.WriteAllTextAsync(_scene["xz"], $"#!/bin/sh\n{script}\n");
            Command.Must("chmod", "+x", _scene["xz"]);
        }
        using var place = new DiskPlace(LocalFolders.Open(_scene.Place));
        var reading = new VolumeReading(place, _scene.Options.Codec with { Programs = new ChildPrograms("gpg", _scene["xz"]) });

        Should.Throw<ProgramException>(() => reading.ReadPlan(place.List()[0]));
    }

    [Fact]
    public async Task ABadSectorDoesNotShutTheOthersAndRepairReadsItAgain()
    {
        Write("a");
        await _scene.GoodBackupAsync();
        Write("b");
        _scene.Options = _scene.Options with { Split = 50 };
        await _scene.GoodBackupAsync();
        _scene.LoseDatabase();
        var faults = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Read, Path = p => p.ToString().StartsWith("000001-", StringComparison.Ordinal), Error = Errno.InputOutput });
        _scene.OpenPlace = faults.Open;
        using (var snapshots = _scene.Target.OpenSnapshots())
        {
            Read(snapshots, snapshots.Snapshots[^1], "b").ShouldBe("b");
            snapshots.CheckStructure(default).First().Advice.ShouldContain("reads it once more");
        }
        faults.Heal();

        (await _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, default)).Missing.ShouldBeEmpty();

        using var after = _scene.Target.OpenSnapshots();
        Read(after, after.Snapshots[0], "a").ShouldBe("a");
    }

    [Fact]
    public async Task ACopyThatCheckFoundDamagedCountsForNothing()
    {
        Write("a");
        await _scene.GoodBackupAsync();
        _scene.Findings().ShouldBeEmpty();
        var volume = _scene.VolumeFiles[0];
        var bytes = await File.ReadAllBytesAsync(volume);
        bytes[bytes.AsSpan().IndexOf("aaaa"u8)] ^= 1;
        Command.Must("chmod", "u+w", volume);
        var modified = File.GetLastWriteTimeUtc(volume);
        await File.WriteAllBytesAsync(volume, bytes);
        File.SetLastWriteTimeUtc(volume, modified);
        Problem().ShouldBeNull("nobody has looked yet");

        _scene.Findings().ShouldNotBeEmpty();

        Problem().ShouldNotBeNull();
        _scene.LoseDatabase();
        Problem().ShouldNotBeNull();
    }

    private string? Problem()
    {
        using var snapshots = _scene.Target.OpenSnapshots();
        var copies = (ICopies)snapshots;
        var content = new ContentId(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(At("a"))));
        var copy = copies.CopiesOf(new HashSet<ContentId> { content }, default).FirstOrDefault();
        return copy is null ? "there is none" : copies.Look(copy).Problem;
    }

    private string At(string name) => Path.Combine(_scene.Source, name);

    private void Write(string name) => File.WriteAllText(At(name), name == "a" ? new string('a', 5000) : name);

    private static string Read(ISnapshots snapshots, Snapshot snapshot, string path)
    {
        var entry = snapshots.Entries(snapshot, EntryPath.From(path), default).Single();
        using var file = snapshots.Open(entry);
        var bytes = new byte[entry.Entry.Size];
        file.Read(0, bytes).ShouldBe(bytes.Length);
        return System.Text.Encoding.UTF8.GetString(bytes).Trim('\0')[..Math.Min(bytes.Length, path == "a" ? 1 : 100)];
    }
}
