using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Core.Tests.Restricted;

public sealed class RestrictedFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void AFatDiskRefusesWhatFatDoes()
    {
        using var fat = RestrictedFolder.Opener(Restrictions.Fat)(_temporary.Path);
        Create(fat, "file");

        Refused(() => fat.Link(Path("file"), fat, Path("link")), Errno.NotPermitted);
        Refused(() => fat.CreateSymlink(Path("link"), "file"u8), Errno.NotPermitted);
        Refused(() => fat.CreateSpecial(Path("fifo"), EntryType.Fifo, 0x1a4, default), Errno.NotPermitted);
        Refused(() => fat.SetMode(Path("file"), 0x180), Errno.NotPermitted);
        Refused(() => fat.SetOwner(Path("file"), 1, 1), Errno.NotPermitted);
        Refused(() => fat.SetAttribute(Path("file"), new ExtendedAttribute("user.a"u8.ToArray(), [])), Errno.NotSupported);
        foreach (var name in new[] { "a:b", "what?", "tab\t", "space ", "dot.", "back\\slash" })
            Refused(() => Create(fat, name), Errno.InvalidArgument);
        Refused(() => fat.CreateFile(EntryPath.From([0xff]), 0x1a4), Errno.InvalidArgument);
        fat.Traits.ShouldSatisfyAllConditions(t => t.HardLinks.ShouldBeFalse(), t => t.Symlinks.ShouldBeFalse(), t => t.Owners.ShouldBeFalse(), t => t.TimeResolution.ShouldBe(2_000_000_000), t => t.StableIdentity.ShouldBeFalse());
        Directory.GetFileSystemEntries(_temporary.Path).Length.ShouldBe(1);
    }

    [Fact]
    public void TimesAreCutToTwoSeconds()
    {
        using var fat = RestrictedFolder.Opener(Restrictions.Fat)(_temporary.Path);
        Create(fat, "file");
        foreach (var (given, kept) in new[] { (new Timestamp(1001, 5), 1000L), (new Timestamp(1000, 0), 1000L), (new Timestamp(-1, 500), -2L) })
        {
            fat.SetModified(Path("file"), given);
            fat.Stat(Path("file")).Modified.ShouldBe(new Timestamp(kept, 0));
        }
        (fat.Stat(Path("file")).Changed.Seconds % 2).ShouldBe(0);
    }

    [Fact]
    public void NamesThatDifferInCaseOnlyAreOneName()
    {
        using var place = RestrictedFolder.Opener(new Restrictions { CaseInsensitive = true })(_temporary.Path);
        place.CreateFolder(Path("Folder"), 0x1ed);
        Create(place, "Folder/a");
        Create(place, "b");

        Refused(() => Create(place, "folder/A"), Errno.Exists);
        Refused(() => place.CreateFolder(Path("FOLDER"), 0x1ed), Errno.Exists);
        Refused(() => place.Rename(Path("b"), place, Path("FOLDER/A"), replace: true), Errno.Exists);
        place.TryStat(Path("FOLDER/A")).ShouldNotBeNull();
        place.TryStat(Path("FOLDER/c")).ShouldBeNull();
        place.Rename(Path("b"), place, Path("B"), replace: false);

        place.List()[0].ToArray().ShouldBe("B"u8.ToArray());
    }

    [Fact]
    public void AFileLargerThanTheLimitIsRefused()
    {
        using var place = RestrictedFolder.Opener(new Restrictions { MaximumFileSize = 100 })(_temporary.Path);
        using var writer = place.CreateFile(Path("file"), 0x1a4);

        writer.Write(90, new byte[10]);
        Refused(() => writer.Write(91, new byte[10]), Errno.FileTooLarge);
        Refused(() => writer.SetSize(101), Errno.FileTooLarge);
        Refused(() => writer.Reserve(101), Errno.FileTooLarge);
    }

    [Fact]
    public void InodeNumbersChangeFromMountToMount()
    {
        _temporary.File("file");
        ulong Inode()
        {
            using var place = RestrictedFolder.Opener(new Restrictions { UnstableIdentity = true })(_temporary.Path);
            place.Stat(Path("file")).Inode.ShouldBe(place.Stat(Path("file")).Inode);
            return place.Stat(Path("file")).Inode;
        }

        Inode().ShouldNotBe(Inode());
    }

    private static void Refused(Action action, Errno error) => Should.Throw<FileSystemException>(action).Error.ShouldBe(error);

    private static void Create(IFolder folder, string name) => folder.CreateFile(Path(name), 0x1a4).Dispose();

    private static EntryPath Path(string text) => EntryPath.From(text);
}
