using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

public sealed class SourceOverlapTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public SourceOverlapTests()
    {
        foreach (var folder in new[] { "source/sub", "place/sub", "source2" })
            Directory.CreateDirectory(At(folder));
        File.WriteAllText(At("place/file"), "x");
        File.WriteAllText(At("file"), "x");
        Directory.CreateSymbolicLink(At("link"), At("source/sub"));
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("source", "source", "is the source")]
    [InlineData("source", "source/sub", "lies inside the source")]
    [InlineData("source", "source/new/deep", "lies inside the source")]
    [InlineData("source", "link", "lies inside the source")]
    [InlineData("source", "link/new", "lies inside the source")]
    [InlineData("place/sub", "place", "lies inside the target")]
    [InlineData("place/file", "place", "lies inside the target")]
    public void AnOverlapIsRefused(string source, string target, string words)
    {
        var refusal = Should.Throw<HoldfastException>(() => SourceOverlap.Check([At("source2"), At(source)], At(target)));

        refusal.Message.ShouldContain(words);
        refusal.Kind.ShouldBe(ErrorKind.Usage);
    }

    [Theory]
    [InlineData("source", "place")]
    [InlineData("source", "source2")]
    [InlineData("source", "new")]
    [InlineData("file", "place")]
    [InlineData("absent", "place")]
    public void PlacesBesideASourceAreFine(string source, string target) => SourceOverlap.Check([At(source)], At(target));

    [Fact]
    public void ABindMountHidesNothing()
    {
        Peer.RequireRoot();
        Directory.CreateDirectory(At("bind"));
        Command.Must("mount", "--bind", At("source"), At("bind"));
        try
        {
            Should.Throw<HoldfastException>(() => SourceOverlap.Check([At("source")], At("bind/new"))).Message.ShouldContain("lies inside");
            Should.Throw<HoldfastException>(() => SourceOverlap.Check([At("bind/sub")], At("source"))).Message.ShouldContain("lies inside");
        }
        finally
        {
            Command.Must("umount", At("bind"));
        }
    }

    private string At(string name) => Path.Combine(_root.Path, name);
}
