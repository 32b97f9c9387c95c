using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Library.Unfinished;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;

namespace Holdfast.Library.Tests.Unfinished;

/// <summary>What an upload in parts leaves behind, and how far somebody goes on with it.</summary>
public sealed class UnfinishedUploadTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly DateTimeOffset Now = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task WhereverThePowerGoesOnlyBytesThatCameAreGoneOnWithAndDurableOnesAreThere()
    {
        var seed = RandomSeed.Next();
        var bytes = new byte[6000];
        new Random(seed).NextBytes(bytes);
        using var disk = new TemporaryFolder("/dev/shm");
        var recording = new Recording(disk.Path);
        using (var incoming = recording.Open(disk.Path))
        {
            var staged = new StagedFile(incoming, EntryPath.From(Id), new MetadataWriter(new Remarks()));
            var notes = new UnfinishedNotes(incoming, Id, staged);
            notes.Write(Line(bytes, 0), durable: false);
            for (var offset = 0; offset < bytes.Length; offset += 1000)
            {
                await staged.WriteAsync(offset, bytes.AsMemory(offset, 1000), CancellationToken.None);
                notes.Write(Line(bytes, offset + 1000), durable: offset is 1000 or 3000);
                staged.Rest();
                if (offset is 1000 or 3000)
                    recording.Log.Mark($"{offset + 1000}");
            }
        }

        var cases = new PowerLossReplayer(recording.Log).Cases(seed, 4).ToList();
        cases.Count.ShouldBeGreaterThan(40);
        foreach (var lost in cases)
        {
            using var left = new TemporaryFolder("/dev/shm");
            lost.Image.WriteTo(left.Folder("disk"));
            using var incoming = LocalFolders.Open(left["disk"]);
            var promised = lost.Promises.Count == 0 ? 0 : int.Parse(lost.Promises[^1]);
            var found = UnfinishedUpload.In(incoming, Now);
            if (found.Count == 0)
            {
                promised.ShouldBe(0, lost.ToString());
                continue;
            }
            var (offset, hash) = await found.ShouldHaveSingleItem().ReadAsync(CancellationToken.None);
            offset.ShouldBeGreaterThanOrEqualTo(promised, lost.ToString());
            File.ReadAllBytes(Path.Combine(left["disk"], Id)).AsSpan(0, (int)offset).SequenceEqual(bytes.AsSpan(0, (int)offset)).ShouldBeTrue(lost.ToString());
            hash.GetHashAndReset().ShouldBe(SHA256.HashData(bytes.AsSpan(0, (int)offset)), lost.ToString());
            hash.Dispose();
        }
    }

    [Theory]
    [InlineData("nothing", 3000)]
    [InlineData("bytes cut", 2000)]
    [InlineData("bytes replaced", 0)]
    [InlineData("last bytes replaced", 2000)]
    [InlineData("line torn", 2000)]
    [InlineData("line of zeros", 2000)]
    [InlineData("no lines", null)]
    [InlineData("no bytes", null)]
    public async Task WhatIsDamagedIsGoneOnWithFromWhereItIsNot(string damage, int? expected)
    {
        using var disk = new TemporaryFolder();
        using var incoming = LocalFolders.Open(disk.Path);
        var bytes = Enumerable.Range(0, 3000).Select(i => (byte)i).ToArray();
        File.WriteAllBytes(disk[Id], bytes);
        byte[] first = [.. Line(bytes, 1000).Write(), .. Line(bytes, 2000).Write()], last = Line(bytes, 3000).Write();
        File.WriteAllBytes(disk[Id + ".upload"], damage switch
        {
            "line torn" => [.. first, .. last[..40]],
            "line of zeros" => [.. first, .. new byte[60], (byte)'\n', .. last],
            "no lines" => [],
            _ => [.. first, .. last],
        });
        switch (damage)
        {
            case "bytes cut":
                File.WriteAllBytes(disk[Id], bytes[..2500]);
                break;
            case "bytes replaced":
                File.WriteAllBytes(disk[Id], new byte[3000]);
                break;
            case "last bytes replaced":
                File.WriteAllBytes(disk[Id], [.. bytes[..2999], 0]);
                break;
            case "no bytes":
                File.Delete(disk[Id]);
                break;
        }

        var found = UnfinishedUpload.In(incoming, Now);

        found.Count.ShouldBe(expected is null ? 0 : 1);
        if (expected is not null)
            (await found[0].ReadAsync(CancellationToken.None)).Offset.ShouldBe(expected.Value);
    }

    [Fact]
    public async Task WhoeverOpensTheLibraryLeavesThemAndRemovesWhatNobodyCanGoOnWith()
    {
        using var scene = new Scene();
        await scene.UploadAsync();
        var incoming = scene.InLibrary(".holdfast/incoming");
        const string old = "ffffffffffffffffffffffffffffffff", without = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
        foreach (var name in new[] { Id, old, without, "7", "alias-0", Id + ".upload.tmp", "a.upload" })
            File.WriteAllText(Path.Combine(incoming, name), "bytes");
        Directory.CreateDirectory(Path.Combine(incoming, "folder"));
        var line = Line("bytes"u8.ToArray(), 5) with { At = TimeProvider.System.GetUtcNow() };
        File.WriteAllBytes(Path.Combine(incoming, Id + ".upload"), line.Write());
        File.WriteAllBytes(Path.Combine(incoming, old + ".upload"), (line with { At = line.At - UnfinishedUpload.Lifetime - TimeSpan.FromMinutes(1) }).Write());

        await scene.ScanAsync();

        Directory.GetFileSystemEntries(incoming).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe([Id, Id + ".upload"]);
    }

    [Fact]
    public async Task ASymlinkInTheStandOfTheFolderIsRemovedAndNotFollowed()
    {
        using var scene = new Scene();
        await scene.UploadAsync();
        Directory.Delete(scene.InLibrary(".holdfast/incoming"));
        Directory.CreateDirectory(scene["elsewhere"]);
        File.WriteAllText(scene["elsewhere/mine"], "mine");
        File.CreateSymbolicLink(scene.InLibrary(".holdfast/incoming"), scene["elsewhere"]);

        await scene.ScanAsync();

        File.Exists(scene["elsewhere/mine"]).ShouldBeTrue();
        new DirectoryInfo(scene.InLibrary(".holdfast/incoming")).LinkTarget.ShouldBeNull();
    }

    private static UnfinishedLine Line(byte[] bytes, int offset) =>
        new(Now, "phone", "filename YS5qcGc=", bytes.Length, offset, Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, offset))));
}
