using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Index;

public sealed class IndexedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileIsTheSameUnderANewNameUnlessItWasMadeLaterOrNobodyKnowsWhen()
    {
        var name = _folder.File("a", "picture");
        using var place = LocalFolders.Open(_folder.Path);
        var content = new ContentId(System.Security.Cryptography.SHA256.HashData("picture"u8));
        var known = IndexedFile.Of(EntryPath.From("a"u8), content, place.Stat(EntryPath.From("a"u8)));

        File.Move(name, _folder["b"]);
        var moved = place.Stat(EntryPath.From("b"u8));

        moved.Born.ShouldNotBeNull();
        known.IsSameFile(moved).ShouldBeTrue();
        // File systems give the number of a file that is gone again, and unpacked archives have one time.
        known.IsSameFile(moved with { Born = known.Changed with { Seconds = known.Changed.Seconds + 1 } }).ShouldBeFalse();
        known.IsSameFile(moved with { Born = null }).ShouldBeFalse();
    }
}
