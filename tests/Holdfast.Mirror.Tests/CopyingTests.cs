using System.Globalization;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>What a copy keeps besides bytes and metadata: holes, shared blocks, and which names are one file.</summary>
public sealed class CopyingTests
{
    private const int Mega = 1 << 20;

    // Where data lies, in bytes, and the size of the whole.
    private static readonly Dictionary<string, ((long At, int Length)[] Data, long Size)> Sparse = new()
    {
        ["hole at the start"] = ([(6 * Mega, 100_000)], (6 * Mega) + 100_000),
        ["hole in the middle"] = ([(0, 70_000), (5 * Mega, 70_000)], (5 * Mega) + 70_000),
        ["hole at the end"] = ([(0, 70_000)], 8 * Mega),
        ["nothing but a hole"] = ([], 3 * Mega),
        ["many holes"] = ([.. Enumerable.Range(0, 20).Select(i => ((long)i * 200_000, 5000))], 20 * 200_000),
        ["smaller than a read"] = ([(60_000, 4096)], 300_000),
        ["larger than four gigabytes"] = ([(5L << 30, 4096)], 6L << 30),
        ["no hole"] = ([(0, 300_000)], 300_000),
        ["zeros that are data"] = ([], 0),
    };

    [Theory]
    [InlineData("ext4")]
    [InlineData("btrfs")]
    public async Task SparseFilesTakeNoMoreRoomInTheMirrorThanInTheSource(string fileSystem)
    {
        using var disk = new LoopMount(fileSystem, size: 128 << 20, under: Files.Memory);
        using var scene = new Scene(disk.Path);
        foreach (var (name, (data, size)) in Sparse)
            Write(scene.InSource(name), data, size);
        File.WriteAllBytes(scene.InSource("zeros that are data"), new byte[2 * Mega]);

        await scene.BackupAsync();
        foreach (var name in Sparse.Keys)
            ShouldBeAsSparse(scene, name);

        // The same when a file is replaced by another sparse one.
        foreach (var (name, (data, size)) in Sparse)
            Write(scene.InSource(name), [.. data, (size, 5000)], size + 400_000);
        await scene.BackupAsync();
        foreach (var name in Sparse.Keys)
            ShouldBeAsSparse(scene, name);
    }

    [Theory]
    [InlineData("btrfs")]
    [InlineData("xfs")]
    public async Task AFileOnTheSameDiskSharesItsBlocksWithTheSource(string fileSystem)
    {
        Peer.Require("filefrag", "cp");
        using var disk = new LoopMount(fileSystem, under: Files.Memory);
        using var scene = new Scene(disk.Path);
        Write(scene.InSource("large"), [(0, 20 * Mega)], 20 * Mega);
        Write(scene.InSource("sparse"), [(Mega, 2 * Mega)], 10 * Mega);
        Command.Must("sync", "-f", disk.Path);
        var before = Used(disk.Path);

        await scene.BackupAsync();

        foreach (var name in new[] { "large", "sparse" })
            Extents.Physical(scene.InMirror(name)).ShouldBe(Extents.Physical(scene.InSource(name)), name);
        (Used(disk.Path) - before).ShouldBeLessThan(4 * Mega);
        scene.MirrorShouldBeTheSource();

        // Shared does not mean tied together.
        Command.Bash("""printf edited | dd of="$1" conv=notrunc bs=1 seek=5000000 status=none""", scene.InSource("large"));
        Rsync.Differences(scene.Source, scene.Mirror).ShouldHaveSingleItem().ShouldContain("large");
        await scene.BackupAsync();
        scene.MirrorShouldBeTheSource();
        (Used(disk.Path) - before).ShouldBeLessThan(6 * Mega);
    }

    [Fact]
    public async Task OnlyTheNamesThatAreOneFileInTheSourceAreOneFileInTheMirror()
    {
        using var scene = new Scene(Files.Memory);
        scene.Write("a/linked", "contents");
        Files.Link(scene.InSource("a/linked"), scene.InSource("b/linked"));
        Files.Copy(scene.InSource("a/linked"), scene.InSource("twin 1"));
        Files.Copy(scene.InSource("a/linked"), scene.InSource("twin 2"));
        scene.Write("empty 1", "");
        scene.Write("empty 2", "");

        await scene.BackupAsync();

        Files.Inode(scene.InMirror("b/linked")).ShouldBe(Files.Inode(scene.InMirror("a/linked")));
        string[] single = ["a/linked", "twin 1", "twin 2", "empty 1", "empty 2"];
        single.Select(name => Files.Inode(scene.InMirror(name))).Distinct().Count().ShouldBe(single.Length);
    }

    private static void ShouldBeAsSparse(Scene scene, string name)
    {
        var (source, mirror) = (scene.InSource(name), scene.InMirror(name));
        Allocated(mirror).ShouldBeLessThanOrEqualTo(Allocated(source), name);
        Command.Must("stat", "-c", "%s", mirror).Text.ShouldBe(Command.Must("stat", "-c", "%s", source).Text, name);
        // Six gigabytes of nothing are compared where they have data.
        if (new FileInfo(source).Length < 1L << 30)
            Command.Must("cmp", source, mirror);
    }

    private static long Allocated(string path)
    {
        Command.Must("sync", "-f", path);
        return long.Parse(Command.Must("stat", "-c", "%b", path).Text, CultureInfo.InvariantCulture);
    }

    private static void Write(string path, (long At, int Length)[] data, long size)
    {
        File.Delete(path);
        using var file = new FileStream(path, FileMode.CreateNew);
        var random = new Random(1);
        foreach (var (at, length) in data)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            file.Position = at;
            file.Write(bytes);
        }
        file.SetLength(size);
    }

    private static long Used(string path)
    {
        Command.Must("sync", "-f", path);
        return long.Parse(Command.Must("df", "--output=used", "-B1", path).Text.Split('\n')[1], CultureInfo.InvariantCulture);
    }
}
