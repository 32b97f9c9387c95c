using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Codec.Children;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Whatever breaks: the run fails loudly, the database is unchanged, nothing unfinished stays, and the next run is good.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm");

    public FaultTests()
    {
        var random = new Random(1);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[i == 5 ? 3_000_000 : 40_000];
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(_scene.Source, $"file {i}"), bytes);
        }
    }

    public void Dispose() => _scene.Dispose();

    // The dying ones read some of what they get, so that the pipe breaks in the middle.
    [Theory]
    [InlineData("head -c 100000 > /dev/null; echo 'no memory' >&2; exit 3", "exit code 3")]
    [InlineData("cat > /dev/null; exit 4", "exit code 4")]
    [InlineData("kill -9 $$", "exit code 137")]
    [InlineData("head -c 1000; exec sleep 600", "hung")]
    [InlineData("cat > /dev/null; exec sleep 600", "hung")]
    public async Task AChildThatDiesOrHangsFailsTheRun(string script, string message)
    {
        foreach (var isGpg in new[] { false, true })
        {
            var broken = Script(script);
            var programs = isGpg ? new ChildPrograms(broken, "xz") : new ChildPrograms("gpg", broken);
            _scene.Options = new VolumeOptions { Compression = isGpg ? Compression.Zstd : Compression.Xz, Passphrase = Passphrase.Of("secret"), Programs = programs, Patience = message == "hung" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(2) };
            var report = await _scene.BackupAsync();
            report.Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain(message);
            report.Targets[0].Failure!.Message.ShouldContain(message == "hung" ? broken : isGpg ? "gpg" : "xz");
            ShouldHoldNothingNew(0);
        }
        _scene.Options = new VolumeOptions { Compression = Compression.Xz, Passphrase = Passphrase.Of("secret") };
        await ShouldSucceedAsync(1);
    }

    [Fact]
    public async Task AMissingProgramIsNamed()
    {
        _scene.Options = new VolumeOptions { Compression = Compression.Xz, Programs = new ChildPrograms("gpg", "/nowhere/xz") };
        (await _scene.BackupAsync()).Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("/nowhere/xz");
        ShouldHoldNothingNew(0);
    }

    [Theory, InlineData(Compression.None, false), InlineData(Compression.Zstd, false), InlineData(Compression.Xz, true)]
    public async Task AFullDiskFailsTheRunWhereverItFillsUp(Compression compression, bool encrypted)
    {
        _scene.Options = new VolumeOptions { Compression = compression, Passphrase = encrypted ? Passphrase.Of("secret") : null };
        await ShouldSucceedAsync(1);
        await File.WriteAllBytesAsync(Path.Combine(_scene.Source, "file 5"), new byte[3_100_000]);
        foreach (var from in new[] { 1, 2, 3 })
            foreach (var operation in new[] { FolderOperation.Write, FolderOperation.SyncFile, FolderOperation.CreateFile, FolderOperation.Rename })
            {
                var faults = new FaultPlan().Fail(new FaultRule { Operation = operation, From = from, Error = Errno.NoSpace, Path = p => p.ToString().Contains(".tar", StringComparison.Ordinal) });
                _scene.OpenPlace = faults.Open;
                if ((await _scene.BackupAsync()).Targets[0].Failure is null)
                    continue; // There were not so many.
                _scene.OpenPlace = LocalFolders.Open;
                ShouldHoldNothingNew(1);
            }
        _scene.OpenPlace = LocalFolders.Open;
        await ShouldSucceedAsync();
    }

    [Fact]
    public async Task WhereverTheProcessDiesTheNextRunIsWhole()
    {
        _scene.Options = new VolumeOptions { Compression = Compression.None, VolumeSize = 2_000_000 };
        await ShouldSucceedAsync();
        for (var mutation = 1; ; mutation++)
        {
            await File.WriteAllTextAsync(Path.Combine(_scene.Source, "changes"), $"contents {mutation}");
            var faults = new FaultPlan().CrashAt(mutation);
            _scene.OpenPlace = faults.Open;
            try
            {
                await _scene.BackupAsync();
            }
            catch (CrashException)
            {
            }
            _scene.OpenPlace = LocalFolders.Open;
            if (mutation % 3 == 0)
                _scene.LoseDatabase();
            _scene.Findings().ShouldBeEmpty($"after dying at mutation {mutation}");
            if (!faults.HasCrashed)
                break;
            mutation.ShouldBeLessThan(500);
        }
        await ShouldSucceedAsync();
    }

    [Fact]
    public async Task WhatIsReadBackOtherwiseThanItWasWrittenGetsNoName()
    {
        await ShouldSucceedAsync(1);
        _scene.OpenPlace = path => new LyingFolder(LocalFolders.Open(path));
        (await _scene.BackupAsync()).Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("is not what was written");
        _scene.OpenPlace = LocalFolders.Open;
        ShouldHoldNothingNew(1);
    }

    [Fact]
    public async Task AWrongPassphraseIsCalledThat()
    {
        _scene.Options = new VolumeOptions { Compression = Compression.Zstd, Passphrase = Passphrase.Of("right") };
        await ShouldSucceedAsync(1);
        _scene.LoseDatabase();
        _scene.Options = _scene.Options with { Passphrase = Passphrase.Of("wrong") };
        Should.Throw<HoldfastException>(() => _scene.Target.OpenSnapshots()).Kind.ShouldBe(ErrorKind.WrongPassword);
        _scene.Options = _scene.Options with { Passphrase = null };
        Should.Throw<HoldfastException>(() => _scene.Target.OpenSnapshots()).Kind.ShouldBe(ErrorKind.WrongPassword);
        _scene.Options = _scene.Options with { Passphrase = Passphrase.Of("right") };
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Fact]
    public async Task ADamagedVolumeIsNamedAndWhatItHeldIsSavedAgain()
    {
        await ShouldSucceedAsync(1);
        var volume = _scene.VolumeFiles[0];
        var bytes = await File.ReadAllBytesAsync(volume);
        var held = await File.ReadAllBytesAsync(Path.Combine(_scene.Source, "file 3"));
        bytes[bytes.AsSpan().IndexOf(held) + 100] ^= 1;
        Command.Must("chmod", "u+w", volume);
        await File.WriteAllBytesAsync(volume, bytes);

        _scene.Findings().ShouldContain(f => f.Contains("file 3", StringComparison.Ordinal) && f.Contains("not those that were saved", StringComparison.Ordinal));
        var result = await _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, CancellationToken.None);
        result.Missing.Select(m => m.Path).ShouldBe(["file 3"]);
        (await _scene.GoodBackupAsync()).Targets[0].Mended.ShouldBe(1);
        _scene.Findings().ShouldNotContain(f => f.StartsWith("file 3:", StringComparison.Ordinal));
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Theory, InlineData(1000), InlineData(500_000)]
    public async Task AVolumeThatWasCutOffIsNotUsed(int bytes)
    {
        await ShouldSucceedAsync(1);
        await File.WriteAllTextAsync(Path.Combine(_scene.Source, "new"), "new");
        await _scene.GoodBackupAsync();
        Command.Must("truncate", "-s", "-" + bytes, _scene.VolumeFiles[1]);
        _scene.LoseDatabase();
        var result = await _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, CancellationToken.None);
        result.Remarks.ShouldContain(r => r.Contains("cannot be used", StringComparison.Ordinal));
        await _scene.GoodBackupAsync();
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Fact]
    public async Task ALargeFileThatCannotBeReadToItsEndKeepsItsLastCopy()
    {
        await ShouldSucceedAsync(1);
        var path = Path.Combine(_scene.Source, "file 5");
        var before = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, new byte[3_200_000]);
        var faults = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Read, Path = p => p.ToString() == "file 5", From = 2, Error = Errno.InputOutput });
        _scene.OpenSource = faults.Open;
        var report = await _scene.BackupAsync();
        report.Counters.Failures.Single().Path.ToString().ShouldBe("file 5");
        using var snapshots = _scene.Target.OpenSnapshots();
        using var file = snapshots.Open(snapshots.Entries(snapshots.Snapshots[^1], EntryPath.From("file 5"), default).Single());
        var read = new byte[before.Length];
        file.Read(0, read).ShouldBe(before.Length);
        read.SequenceEqual(before).ShouldBeTrue();
    }

    private async Task ShouldSucceedAsync(int? volumes = null)
    {
        await _scene.GoodBackupAsync();
        if (volumes is not null)
            _scene.VolumeFiles.Count.ShouldBe(volumes.Value);
        _scene.ShouldEqualSource(await _scene.RestoreAsync($"out {Guid.NewGuid():N}"));
        _scene.Findings().ShouldBeEmpty();
    }

    /// <summary>No further volume, nothing staged, and a database that knows as many runs as before.</summary>
    private void ShouldHoldNothingNew(int volumes)
    {
        _scene.VolumeFiles.Count.ShouldBe(volumes);
        var staging = Path.Combine(_scene.Place, ".holdfast/staging");
        (Directory.Exists(staging) ? Directory.GetFiles(staging) : []).ShouldBeEmpty();
        var spools = Path.Combine(_scene.State, "volumes");
        Directory.GetFiles(spools).Where(f => !f.Contains(".db", StringComparison.Ordinal)).ShouldBeEmpty();
        using var snapshots = _scene.Target.OpenSnapshots();
        snapshots.Snapshots.Count.ShouldBe(volumes);
    }

    private string Script(string text)
    {
        var path = _scene[$"script {Guid.NewGuid():N}"];
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        Command.Must("chmod", "+x", path);
        return path;
    }

    /// <summary>Changes a byte of every volume that is read.</summary>
    private sealed class LyingFolder(IFolder inner) : Holdfast.Testing.Folders.FolderDecorator(inner)
    {
        public override IFileReader OpenFile(EntryPath path) =>
            path.ToString().Contains("staging", StringComparison.Ordinal) ? new LyingReader(base.OpenFile(path)) : base.OpenFile(path);

        public override IFolder OpenFolder(EntryPath path) => Inner.OpenFolder(path);
    }

    private sealed class LyingReader(IFileReader inner) : Holdfast.Testing.Folders.FileReaderDecorator(inner)
    {
        public override int Read(long position, Span<byte> buffer)
        {
            var got = base.Read(position, buffer);
            if (position == 0 && got > 5000)
                buffer[5000] ^= 1;
            return got;
        }
    }
}
