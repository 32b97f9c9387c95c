using System.Text;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Volumes that are damaged, foreign or there twice: nothing wrong ever comes back, and what is not good is named.</summary>
public sealed class DamagedPlaceTests : IDisposable
{
    private const int Files = 12;

    private readonly Scene _scene = new("/dev/shm");

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(Compression.None, false)]
    [InlineData(Compression.Zstd, false)]
    [InlineData(Compression.Xz, true)]
    public async Task WhateverHappensToAVolumeWhatComesBackIsWhatWasSaved(Compression compression, bool isEncrypted)
    {
        Peer.Require("gpg", "xz");
        _scene.Options = new VolumeOptions { Compression = compression, Passphrase = isEncrypted ? Passphrase.Of("secret") : null, Split = 50 };
        var random = new Random(RandomSeed.Next());
        Write(random, Files);
        await _scene.GoodBackupAsync();
        Write(random, Files / 2);
        await _scene.GoodBackupAsync();
        var good = _scene.VolumeFiles.Select(File.ReadAllBytes).ToList();
        for (var round = 0; round < 8; round++)
        {
            var hurt = random.Next(2);
            await File.WriteAllBytesAsync(Writable(_scene.VolumeFiles[hurt]), Hurt(good[hurt], round % 4, random));
            if (round >= 4)
                _scene.LoseDatabase();
            await NothingWrongComesBackAsync($"round {round}, volume {hurt + 1}", isNoticed: round >= 4 || _scene.Findings().Count > 0);
            await File.WriteAllBytesAsync(_scene.VolumeFiles[hurt], good[hurt]);
            (await RepairAsync()).Missing.ShouldBeEmpty();
        }
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Fact]
    public async Task EveryBitOfAVolumeIsChecked()
    {
        var random = new Random(1);
        Write(random, 3);
        Command.Must("setfattr", "-n", "user.note", "-v", "kept in a header", Path.Combine(_scene.Source, "file 0"));
        await _scene.GoodBackupAsync();
        var volume = Writable(_scene.VolumeFiles[0]);
        var good = await File.ReadAllBytesAsync(volume);
        _scene.Findings().ShouldBeEmpty();
        for (var at = 0; at < good.Length; at += 1 + random.Next(60))
        {
            var bytes = (byte[])good.Clone();
            bytes[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(volume, bytes);
            _scene.Findings().ShouldNotBeEmpty($"byte {at} of {good.Length}: {Encoding.Latin1.GetString(good[(at / 512 * 512)..(at / 512 * 512 + 512)])}");
        }
    }

    [Fact]
    public async Task AVolumeOfAnotherPlaceIsLeftAlone()
    {
        using var other = new Scene("/dev/shm");
        await File.WriteAllTextAsync(Path.Combine(other.Source, "foreign"), "foreign");
        await other.GoodBackupAsync();
        await File.WriteAllTextAsync(Path.Combine(other.Source, "foreign 2"), "foreign");
        await other.GoodBackupAsync();
        Write(new Random(1), Files);
        await _scene.GoodBackupAsync();

        // One with the number of a volume of this place, one with the next.
        foreach (var volume in other.VolumeFiles)
            File.Copy(volume, Path.Combine(_scene.Place, Path.GetFileName(volume).Replace("-202611", "-202612", StringComparison.Ordinal)));
        foreach (var isDatabaseLost in new[] { false, true })
        {
            if (isDatabaseLost)
                _scene.LoseDatabase();
            using (var snapshots = _scene.Target.OpenSnapshots())
                snapshots.Snapshots.Count.ShouldBe(isDatabaseLost ? 2 : 1);
            var report = await _scene.GoodBackupAsync();
            report.Targets[0].Remarks.ShouldContain(r => r.Contains("belongs to another place", StringComparison.Ordinal));
            _scene.ShouldEqualSource(await _scene.RestoreAsync($"out {isDatabaseLost}"));
        }
        await _scene.ForgetAsync();
        Directory.GetFiles(_scene.Place, "*-202612*").Length.ShouldBe(2, "what is not this place's is not removed");
    }

    [Fact]
    public async Task ALostVolumeThatComesBackAfterItsNumberWasGivenAgainIsNotMixedUp()
    {
        _scene.Options = _scene.Options with { Split = 50 };
        Write(new Random(1), Files);
        await _scene.GoodBackupAsync();
        Write(new Random(2), Files);
        await _scene.GoodBackupAsync();
        var away = Path.Combine(_scene.Source, "..", Path.GetFileName(_scene.VolumeFiles[1]));
        File.Move(_scene.VolumeFiles[1], away);
        _scene.LoseDatabase();
        Write(new Random(3), Files);
        await _scene.GoodBackupAsync();
        _scene.VolumeFiles.Count.ShouldBe(2);

        File.Move(away, Path.Combine(_scene.Place, Path.GetFileName(away)));
        foreach (var isDatabaseLost in new[] { false, true })
        {
            if (isDatabaseLost)
                _scene.LoseDatabase();
            _scene.ShouldEqualSource(await _scene.RestoreAsync($"out {isDatabaseLost}"));
            (await RepairAsync()).Remarks.ShouldContain(r => r.Contains("has the same number", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task APlaceWithANewIdKeepsItsVolumes()
    {
        Write(new Random(1), Files);
        await _scene.GoodBackupAsync();
        var request = new RunRequest { Client = "client", Job = "job", Sources = [_scene.Source], StateFolder = _scene.State, Time = _scene.Clock };
        _scene.Target.Init(request, newId: true);
        _scene.Target.Init(request, newId: true);
        await _scene.GoodBackupAsync();
        using var snapshots = _scene.Target.OpenSnapshots();
        snapshots.Snapshots.Count.ShouldBe(2);
        snapshots.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task OneVolumeThatThePassphraseDoesNotFitDoesNotShutTheOthers()
    {
        Peer.Require("gpg");
        _scene.Options = new VolumeOptions { Compression = Compression.Zstd, Passphrase = Passphrase.Of("first") };
        Write(new Random(1), Files);
        await _scene.GoodBackupAsync();
        _scene.Options = _scene.Options with { Passphrase = Passphrase.Of("second") };
        Write(new Random(2), Files / 2);
        await _scene.GoodBackupAsync();
        _scene.LoseDatabase();
        using (var snapshots = _scene.Target.OpenSnapshots())
            snapshots.Warnings.ShouldContain(w => w.Contains("was made with another", StringComparison.Ordinal));
        await _scene.GoodBackupAsync();
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void ThePlaceOfAnotherLayoutIsNotTakenOver(bool adopt, bool newId)
    {
        var request = new RunRequest { Client = "client", Job = "job", Sources = [_scene.Source], StateFolder = _scene.State, Time = _scene.Clock };
        _scene.Target.Init(request);
        var marker = Path.Combine(_scene.Place, ".holdfast/place.json");
        var mirrors = File.ReadAllText(marker).Replace("\"volumes\"", "\"mirror\"", StringComparison.Ordinal);
        File.WriteAllText(marker, mirrors);

        Should.Throw<HoldfastException>(() => _scene.Target.Init(request with { Client = "other" }, adopt, newId)).Kind.ShouldBe(ErrorKind.NoPlace);

        File.ReadAllText(marker).ShouldBe(mirrors);
    }

    [Fact]
    public async Task MetadataThatMayBeWrongAreSaidToBe()
    {
        Write(new Random(1), 3);
        Command.Must("setfattr", "-n", "user.note", "-v", "kept in a header", Path.Combine(_scene.Source, "file 0"));
        await _scene.GoodBackupAsync();
        var volume = Writable(_scene.VolumeFiles[0]);
        var bytes = await File.ReadAllBytesAsync(volume);
        bytes[bytes.AsSpan().IndexOf("kept in a header"u8)] ^= 1;
        await File.WriteAllBytesAsync(volume, bytes);
        _scene.LoseDatabase();

        using var snapshots = _scene.Target.OpenSnapshots();

        snapshots.Warnings.ShouldHaveSingleItem().ShouldContain("attributes may be wrong");
    }

    private Task<RecordRepairResult> RepairAsync() => _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, CancellationToken.None);

    /// <summary>Every file of the newest snapshot is what it was, or said not to be had.</summary>
    private async Task NothingWrongComesBackAsync(string when, bool isNoticed)
    {
        isNoticed.ShouldBeTrue(when);
        using var snapshots = _scene.Target.OpenSnapshots();
        if (snapshots.Snapshots.Count == 0)
            return;
        var to = _scene[$"out {Guid.NewGuid():N}"];
        var counters = new RestoreCounters();
        await new Restore(snapshots, TimeProvider.System).RunAsync(snapshots.Snapshots[^1], new RestoreOptions { To = to }, counters, default);
        var isNewest = snapshots.Snapshots[^1].Number == 2;
        foreach (var file in Directory.GetFiles(_scene.Source))
        {
            var name = Path.GetFileName(file);
            var restored = Path.Combine(to, name);
            if (File.Exists(restored))
                (!isNewest || File.ReadAllBytes(restored).SequenceEqual(File.ReadAllBytes(file))).ShouldBeTrue($"{name}, {when}");
            else
                counters.Failures.ShouldContain(f => f.Path.ToString() == name, $"{name}, {when}");
        }
    }

    private static byte[] Hurt(byte[] good, int how, Random random)
    {
        var (at, length) = (random.Next(good.Length), 1 + random.Next(2000));
        var bytes = (byte[])good.Clone();
        switch (how)
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..at];
            case 2:
                random.NextBytes(bytes.AsSpan(at, Math.Min(length, bytes.Length - at)));
                return bytes;
            default:
                return [.. bytes[..at], .. bytes[Math.Min(at + length, bytes.Length)..]];
        }
    }

    private static string Writable(string volume)
    {
        Command.Must("chmod", "u+w", volume);
        return volume;
    }

    private void Write(Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[random.Next(1, 20_000)];
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(_scene.Source, $"file {i}"), bytes);
        }
    }
}
