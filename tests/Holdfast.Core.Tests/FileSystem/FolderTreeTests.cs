using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.FileSystem;

public sealed class FolderTreeTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly IFolder _folder;

    public FolderTreeTests() => _folder = LocalFolders.Open(_temporary.Path);

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void FoldersAreMadeOnTheWay()
    {
        FolderTree.Ensure(_folder, EntryPath.From("a/b/c"u8), 0x1c0);
        FolderTree.Ensure(_folder, EntryPath.From("a/b"u8), 0x1c0);
        Directory.Exists(_temporary["a/b/c"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c")]
    public void InAFolderThatIsGoneNothingIsMade(string path)
    {
        Directory.Delete(_temporary.Path);
        Should.Throw<FileSystemException>(() => FolderTree.Ensure(_folder, EntryPath.From(System.Text.Encoding.UTF8.GetBytes(path)), 0x1c0)).Error.ShouldBe(Errno.NotFound);
    }

    [Fact]
    public void AFolderThatLiesVeryDeepIsMadeWithAllAboveIt()
    {
        // Making one folder a call deeper than the next used up the stack, which ends the whole process.
        var path = EntryPath.From(string.Join('/', Enumerable.Repeat("d", 1900)));
        using var memory = new TemporaryFolder("/dev/shm");
        using var folder = LocalFolders.Open(memory.Path);

        FolderTree.Ensure(folder, path, 0x1c0);

        folder.Stat(path).Type.ShouldBe(EntryType.Folder);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(int.MaxValue, false)]
    public void AFolderWhoseFilesAreSlowToGoIsRemovedInTheEnd(int refusals, bool goes)
    {
        // As on FUSE, which keeps a removed file under another name until it has heard that it was closed.
        var plan = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.RemoveFolder, Times = refusals, Error = Errno.NotEmpty });
        using var folder = plan.Open(_temporary.Path);
        FolderTree.Ensure(folder, EntryPath.From("a/below"u8), 0x1c0);
        _temporary.File("a/below/file", "something");

        if (goes)
            FolderTree.Delete(folder, EntryPath.From("a"u8));
        else
            Should.Throw<FileSystemException>(() => FolderTree.Delete(folder, EntryPath.From("a"u8))).Error.ShouldBe(Errno.NotEmpty);

        Directory.Exists(_temporary["a"]).ShouldBe(!goes);
    }

    [Fact]
    public void WhatGoesByItselfWhileItsFolderIsRemovedIsNoFailure()
    {
        var plan = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Remove, Times = 1, Error = Errno.NotFound });
        using var folder = plan.Open(_temporary.Path);
        _temporary.File("a/file", "something");

        FolderTree.Delete(folder, EntryPath.From("a"u8));

        Directory.Exists(_temporary["a"]).ShouldBeFalse();
    }
}
