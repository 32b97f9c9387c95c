using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
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
}
