using System.Globalization;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>
/// People edit files in mirror/. Where the place can share blocks between files the history does not mind; where it cannot,
/// the edit is found and named. In both cases the next run heals mirror/ and keeps what was edited.
/// </summary>
public sealed class ReflinkTests
{
    private const string First = "the first text\n", Second = "the second text\n", SameSize = "THE SECOND TEXT\n", Longer = "another text of another size\n";

    [Theory]
    [InlineData("btrfs", SameSize)]
    [InlineData("btrfs", Longer)]
    [InlineData("xfs", SameSize)]
    [InlineData("xfs", Longer)]
    public async Task WhereBlocksCanBeSharedAnEditInTheMirrorLeavesTheHistoryAlone(string fileSystem, string edited)
    {
        Peer.Require("rsync", "python3");
        using var disk = new LoopMount(fileSystem, under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        var then = await TwoSnapshotsAsync(scene);

        EditInPlace(scene.InMirror("folder/edited"), edited);

        ShouldGive(scene, then);
        scene.Findings().ShouldHaveSingleItem().ShouldStartWith(scene.InMirror("folder/edited") + ": ");
        await scene.BackupAsync();
        scene.MirrorShouldBeTheSource();
        ShouldGive(scene, then);
        ReadDeleted(scene, "000003", "folder/edited").ShouldBe(edited);
    }

    [Theory]
    [InlineData(SameSize)]
    [InlineData(Longer)]
    public async Task WhereTheyCannotTheEditIsNamedInTheMirrorAndInTheHistoryItChanged(string edited)
    {
        Peer.Require("rsync", "python3");
        using var disk = new LoopMount("ext4", under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        var then = await TwoSnapshotsAsync(scene);

        EditInPlace(scene.InMirror("folder/edited"), edited);

        var inHistory = Path.Combine(Increment(scene, "000002"), "track/folder/edited");
        scene.Findings().Select(f => f[..f.IndexOf(": ", StringComparison.Ordinal)]).ShouldBe([scene.InMirror("folder/edited"), inHistory], ignoreOrder: true);
        await scene.BackupAsync();
        Rsync.Differences(scene.Source, scene.Mirror).ShouldBeEmpty();
        ReadDeleted(scene, "000003", "folder/edited").ShouldBe(edited);
        scene.Findings().ShouldHaveSingleItem().ShouldStartWith(inHistory);
        using var snapshots = scene.Open();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[0], then[0]).ShouldBeEmpty();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[2], then[1]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("btrfs")]
    [InlineData("xfs")]
    public async Task AFileOfAnIncrementIsAnotherFileThanTheOneInTheMirrorWithTheSameBlocks(string fileSystem)
    {
        Peer.Require("filefrag");
        const int size = 24 << 20;
        using var disk = new LoopMount(fileSystem, under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        File.WriteAllBytes(scene.InSource("large"), RandomBytes(size));
        var before = Used(disk.Path);

        await scene.BackupAsync();

        var (mirrored, tracked) = (scene.InMirror("large"), Path.Combine(Increment(scene, "000001"), "track/large"));
        Files.Inode(tracked).ShouldNotBe(Files.Inode(mirrored));
        Extents.AllShared(mirrored).ShouldBeTrue();
        Extents.Physical(tracked).ShouldBe(Extents.Physical(mirrored));
        (Used(disk.Path) - before).ShouldBeInRange(size, size + (size / 2));
    }

    [Theory]
    [InlineData("btrfs")]
    [InlineData("xfs")]
    public async Task EveryKindOfEntryAndMetadataIsAsItWasOnSuchADisk(string fileSystem)
    {
        var random = new Random(RandomSeed.Next());
        using var disk = new LoopMount(fileSystem, size: 400 << 20, under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        TortureTree.Build(scene.Source, seed: random.Next());
        // xfs takes targets of 1023 bytes.
        File.Delete(scene.InSource("symlinks/very long"));
        var then = new List<TreeState>();
        for (var round = 0; round < 3; round++)
        {
            if (round > 0)
                TortureTree.Mutate(scene.Source, random);
            await scene.BackupAsync(new() { AllowDeletions = true });
            then.Add(TreeState.Read(scene.Source));
        }

        scene.MirrorShouldBeTheSource();
        ShouldGive(scene, then);
    }

    [Fact]
    public async Task ACloneHasTheMetadataOfTheFile()
    {
        Peer.Require("python3", "setfacl", "setfattr");
        using var disk = new LoopMount("btrfs", under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        var file = scene.Write("file", First);
        Command.Bash("""chown 1234:2345 "$1"; chmod 4640 "$1"; setfattr -n user.note -v hello "$1"; setfacl -m u:77:rw "$1"; touch -d '2001-02-03 04:05:06.789012345' "$1" """, file);

        await scene.BackupAsync();

        var tracked = TreeState.Read(Path.Combine(Increment(scene, "000001"), "track"));
        tracked.Entries["file"].ShouldBe(TreeState.Read(scene.Source).Entries["file"]);
        scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task AnAclOnXfsOutlivesAChangeOfOtherMetadata()
    {
        Peer.Require("rsync", "python3", "setfacl");
        using var disk = new LoopMount("xfs", under: Files.Memory);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        var file = scene.Write("folder/file", First);
        Command.Must("setfacl", "-m", "u:77:rw", file);
        Command.Must("setfacl", "-m", "d:u:77:rwx", scene.InSource("folder"));
        await scene.BackupAsync();
        Command.Must("setfattr", "-n", "user.note", "-v", "hello", file, scene.InSource("folder"));

        await scene.BackupAsync();

        scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task ADiskThatCouldShareBlocksButWasMadeNotToKeepsHardLinks()
    {
        Peer.Require("mkfs.xfs");
        using var disk = new LoopMount("xfs", under: Files.Memory, options: ["-m", "reflink=0"]);
        using var scene = new Scene(Files.Memory, Path.Combine(disk.Path, "place"));
        scene.Write("empty", "");
        scene.Write("file", First);

        await scene.BackupAsync();

        Files.Inode(Path.Combine(Increment(scene, "000001"), "track/file")).ShouldBe(Files.Inode(scene.InMirror("file")));
        scene.MirrorShouldBeTheSource();
        Directory.GetFileSystemEntries(Increment(scene, "000001")).Select(Path.GetFileName).ShouldBe(["entries.jsonl.gz", "increment.json", "track"], ignoreOrder: true);
    }

    /// <summary>Two snapshots, the second with another text and another time; what the source was at each.</summary>
    private static async Task<IReadOnlyList<TreeState>> TwoSnapshotsAsync(Scene scene)
    {
        scene.Write("folder/edited", First);
        scene.Write("folder/touched", First);
        scene.Write("other", First);
        await scene.BackupAsync();
        var first = TreeState.Read(scene.Source);
        scene.Write("folder/edited", Second);
        Command.Must("touch", "-d", "2020-01-02", scene.InSource("folder/touched"));
        await scene.BackupAsync();
        scene.Findings().ShouldBeEmpty();
        return [first, TreeState.Read(scene.Source)];
    }

    private static void ShouldGive(Scene scene, IReadOnlyList<TreeState> then)
    {
        using var snapshots = scene.Open();
        for (var i = 0; i < then.Count; i++)
            SnapshotState.Differences(snapshots, snapshots.Snapshots[i], then[i]).ShouldBeEmpty($"snapshot {i + 1}");
    }

    private static void EditInPlace(string path, string text)
    {
        var inode = Files.Inode(path);
        Command.Bash("""printf %s "$2" 1<> "$1" """, path, text);
        Files.Inode(path).ShouldBe(inode);
        File.ReadAllText(path).ShouldBe(text);
    }

    private static string Increment(Scene scene, string number) => Directory.GetDirectories(Path.Combine(scene.Place, "increments"), number + "-*").Single();

    private static string ReadDeleted(Scene scene, string number, string path) => File.ReadAllText(Path.Combine(Increment(scene, number), "deleted", path));

    private static byte[] RandomBytes(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static long Used(string path)
    {
        Command.Must("sync", "-f", path);
        return long.Parse(Command.Must("df", "--output=used", "-B1", path).Text.Split('\n')[1], CultureInfo.InvariantCulture);
    }
}
