using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;

namespace Holdfast.Core.Tests.Sources;

public sealed class LinkGroupsTests
{
    private static readonly FileStat File = new() { Type = EntryType.File, Links = 2, Inode = 7, Born = new Timestamp(1, 0) };

    [Fact]
    public void AnInodeThatWasGivenAgainDuringTheScanIsAnotherFile()
    {
        var groups = new LinkGroups();
        var (first, later) = (EntryPath.From("a"), EntryPath.From("b"));

        groups.FirstOf(File, first).ShouldBe(first); // Its other name lies outside the source.

        groups.FirstOf(File with { Born = new Timestamp(2, 0) }, later).ShouldBe(later);
    }

    [Fact]
    public void FurtherNamesFollowTheFirstUntilAllWereSeen()
    {
        var groups = new LinkGroups();
        var first = EntryPath.From("a");

        groups.FirstOf(File, first).ShouldBe(first);
        groups.FirstOf(File, EntryPath.From("b")).ShouldBe(first);
        groups.FirstOf(File with { Links = 1 }, EntryPath.From("c")).ShouldBeNull();
    }
}
