using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests;

/// <summary>Contents that only changed their path are neither read nor copied again, and are never mixed up.</summary>
public sealed class RenameTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ARenamedFileIsNeitherReadNorCopied()
    {
        _scene.Write("a", "some contents");
        _scene.Write("stays", "x");
        await _scene.BackupAsync();
        var inode = Files.Inode(_scene.InMirror("a"));
        File.Move(_scene.InSource("a"), _scene.InSource("folder b"));

        var report = await _scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe(0);
        report.Targets[0].Statistics.Moved.ShouldBe(1);
        Files.Inode(_scene.InMirror("folder b")).ShouldBe(inode);
        Directory.Exists(Path.Combine(_scene.Place, "increments", report.Targets[0].Snapshot!.Id, "deleted", "a")).ShouldBeFalse();
        Same();
    }

    [Fact]
    public async Task WithoutABirthTimeAnInodeThatWasGivenAgainIsNoRename()
    {
        var old = _scene.Write("old", "one file");
        File.SetLastWriteTimeUtc(old, DateTime.UnixEpoch); // As in a reproducible build.
        _scene.OpenSource = path => new OneInode(LocalFolders.Open(path));
        _scene.Write("stays", "x");
        await _scene.BackupAsync();
        File.Delete(old);
        File.SetLastWriteTimeUtc(_scene.Write("new", "a second"), DateTime.UnixEpoch);

        await _scene.BackupAsync();

        File.ReadAllText(_scene.InMirror("new")).ShouldBe("a second");
        _scene.Findings().ShouldBeEmpty();
    }

    /// <summary>As ext4 with inodes of 128 bytes, which knows no birth times, and gives the inode of a removed file to the next one.</summary>
    private sealed class OneInode(IFolder inner) : FolderDecorator(inner)
    {
        public static FileStat Of(in FileStat stat) => stat with { Born = null, Inode = 42 };

        public override IFolder OpenFolder(EntryPath path) => new OneInode(Inner.OpenFolder(path));

        public override FileStat StatName(ReadOnlySpan<byte> nulTerminatedName) => Of(Inner.StatName(nulTerminatedName));

        public override IFileReader OpenFile(EntryPath path) => new Reader(Inner.OpenFile(path));

        private sealed class Reader(IFileReader inner) : FileReaderDecorator(inner)
        {
            public override FileStat Stat() => Of(Inner.Stat());
        }
    }

    [Fact]
    public async Task ALogRotationIsAChainOfRenames()
    {
        foreach (var (name, text) in new[] { ("log", "newest"), ("log.1", "older one"), ("log.2", "the oldest") })
            _scene.Write(name, text);
        await _scene.BackupAsync();
        File.Move(_scene.InSource("log.2"), _scene.InSource("log.3"));
        File.Move(_scene.InSource("log.1"), _scene.InSource("log.2"));
        File.Move(_scene.InSource("log"), _scene.InSource("log.1"));
        _scene.Write("log", "fresh");

        var report = await _scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe(5, "only the fresh log");
        report.Targets[0].Statistics.Moved.ShouldBe(3);
        Same();
    }

    [Fact]
    public async Task FilesThatSwappedNamesAreRenamed()
    {
        _scene.Write("a", "first");
        _scene.Write("b", "second!");
        await _scene.BackupAsync();
        File.Move(_scene.InSource("a"), _scene.InSource("between"));
        File.Move(_scene.InSource("b"), _scene.InSource("a"));
        File.Move(_scene.InSource("between"), _scene.InSource("b"));

        var report = await _scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe(0);
        Same();
    }

    [Fact]
    public async Task ARenamedFolderIsNeitherReadNorCopied()
    {
        for (var i = 0; i < 20; i++)
            _scene.Write($"folder/deeper/{i}", $"contents {i}");
        Files.Link(_scene.InSource("folder/deeper/3"), _scene.InSource("folder/linked"));
        await _scene.BackupAsync();
        Directory.Move(_scene.InSource("folder"), _scene.InSource("another"));

        var report = await _scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe(0);
        Same();
    }

    [Fact]
    public async Task AFolderRenameIsNoDeletionForTheBrake()
    {
        for (var i = 0; i < 150; i++)
            _scene.Write($"folder/{i}", $"contents {i}");
        await _scene.BackupAsync();
        Directory.Move(_scene.InSource("folder"), _scene.InSource("another"));

        await _scene.BackupAsync();

        Same();
    }

    [Fact]
    public async Task WithoutStableIdentitiesTheHashDecides()
    {
        var limits = new Restrictions { UnstableIdentity = true };
        _scene.OpenSource = RestrictedFolder.Opener(limits);
        _scene.Write("a", "same size 1");
        _scene.Write("b", "same size 2");
        File.SetLastWriteTimeUtc(_scene.InSource("b"), File.GetLastWriteTimeUtc(_scene.InSource("a")));
        await _scene.BackupAsync();
        var inode = Files.Inode(_scene.InMirror("b"));
        File.Move(_scene.InSource("b"), _scene.InSource("c"));

        var report = await _scene.BackupAsync();

        report.Targets[0].Statistics.Moved.ShouldBe(1);
        report.Targets[0].Statistics.BytesAdded.ShouldBe(0);
        Files.Inode(_scene.InMirror("c")).ShouldBe(inode);
        Same();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ACopyOfARenamedFileIsAFileOfItsOwnInTheMirrorToo(int workers)
    {
        _scene.Write("m", "contents");
        await _scene.BackupAsync();
        File.Move(_scene.InSource("m"), _scene.InSource("n"));
        Files.Copy(_scene.InSource("n"), _scene.InSource("a"));
        Files.Copy(_scene.InSource("n"), _scene.InSource("z"));

        await _scene.BackupAsync(new BackupOptions { Workers = workers });

        Same();
    }

    [Fact]
    public async Task AFileThatWasEditedAndRenamedIsCopied()
    {
        _scene.Write("a", "before");
        await _scene.BackupAsync();
        _scene.Write("a", "after!");
        File.Move(_scene.InSource("a"), _scene.InSource("b"));

        await _scene.BackupAsync();

        Same();
    }

    [Fact]
    public async Task ARenamedFileTakesItsNewMetadataAlong()
    {
        _scene.Write("a", "contents");
        await _scene.BackupAsync();
        File.Move(_scene.InSource("a"), _scene.InSource("b"));
        Command.Must("chmod", "0711", _scene.InSource("b"));
        Command.Must("setfattr", "-n", "user.new", "-v", "value", _scene.InSource("b"));

        var report = await _scene.BackupAsync();

        report.Targets[0].Statistics.Moved.ShouldBe(1);
        Same();
    }

    [Fact]
    public async Task AFileRenamedToWhereAFolderWasTakesItsNewMetadataAlong()
    {
        _scene.Write("a", "contents");
        _scene.Write("folder/inside", "x");
        await _scene.BackupAsync();
        Directory.Delete(_scene.InSource("folder"), recursive: true);
        File.Move(_scene.InSource("a"), _scene.InSource("folder"));
        Command.Must("chmod", "0711", _scene.InSource("folder"));

        await _scene.BackupAsync();

        Same();
    }

    [Fact]
    public async Task AFileRenamedOverAnotherReplacesIt()
    {
        _scene.Write("a", "new contents");
        _scene.Write("b", "old contents");
        await _scene.BackupAsync();
        File.Move(_scene.InSource("a"), _scene.InSource("b"), overwrite: true);

        var report = await _scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe(0);
        Same();
    }

    private void Same() => _scene.MirrorShouldBeTheSource();
}
