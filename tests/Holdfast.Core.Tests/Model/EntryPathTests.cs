using System.Text;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Model;

public sealed class EntryPathTests
{
    [Fact]
    public void TheOrderIsThatOfTheComponentsOneByOne()
    {
        var random = new Random(RandomSeed.Next());
        var paths = Enumerable.Range(0, 3000).Select(_ => RandomNames.Path(random)).ToList();

        var sorted = paths.Order().Select(p => p.Bytes.ToArray()).ToList();
        var expected = paths.Select(p => p.Bytes.ToArray()).Order(Comparer<byte[]>.Create(CompareComponents)).ToList();

        for (var i = 0; i < sorted.Count; i++)
            sorted[i].ShouldBe(expected[i]);
    }

    [Fact]
    public void AFolderIsFollowedByAllThatIsInIt()
    {
        string[] inOrder = ["a", "a/x", "a/x/y", "a/\u00e9", "a!", "a!/x", "a.b", "a0", "b"];

        inOrder.Reverse().Select(EntryPath.From).Order().Select(p => p.ToString()).ShouldBe(inOrder);
        EntryPath.Root.CompareTo(EntryPath.From("a")).ShouldBeLessThan(0);
    }

    [Fact]
    public void EqualPathsAreEqualHoweverTheyWereMade()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 1000; i++)
        {
            var path = RandomNames.Path(random);
            var rebuilt = EntryPath.Root;
            foreach (var range in path.Bytes.ToArray().AsSpan().Split((byte)'/'))
                rebuilt = rebuilt.Child(path.Bytes[range]);

            rebuilt.ShouldBe(path);
            rebuilt.GetHashCode().ShouldBe(path.GetHashCode());
            rebuilt.CompareTo(path).ShouldBe(0);
            path.Parent.Child(path.Name).ShouldBe(path);
            path.Parent.Depth.ShouldBe(path.Depth - 1);
            path.IsUnder(path.Parent).ShouldBeTrue();
            path.IsUnder(path).ShouldBeFalse();
            path.IsAtOrUnder(path).ShouldBeTrue();
            path.Under(EntryPath.From("above")).RelativeTo(EntryPath.From("above")).ShouldBe(path);
            path.NulTerminated.ToArray().ShouldBe([.. path.Bytes, 0]);
        }
    }

    [Theory]
    [InlineData("", ".")]
    [InlineData("/", ".")]
    [InlineData(".", ".")]
    [InlineData("./a//b/./", "a/b")]
    [InlineData("/a", "a")]
    [InlineData("...", "...")]
    [InlineData("a/..b", "a/..b")]
    public void PathsAreMadeNormal(string text, string normal) => EntryPath.From(text).ToString().ShouldBe(normal);

    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("/..")]
    [InlineData("a\0b")]
    public void PathsThatLeadOutOrHoldNulAreRefused(string text) => Should.Throw<ArgumentException>(() => EntryPath.From(text));

    [Fact]
    public void ANameThatOnlyStartsAlikeIsNotUnderTheFolder()
    {
        EntryPath.From("ab/c").IsUnder(EntryPath.From("a")).ShouldBeFalse();
        EntryPath.From("a/c").IsUnder(EntryPath.From("a")).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => EntryPath.From("ab").RelativeTo(EntryPath.From("a")));
    }

    private static int CompareComponents(byte[] a, byte[] b)
    {
        var x = Encoding.Latin1.GetString(a).Split('/');
        var y = Encoding.Latin1.GetString(b).Split('/');
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
            if (string.CompareOrdinal(x[i], y[i]) is var order and not 0)
                return order;
        return x.Length.CompareTo(y.Length);
    }
}
