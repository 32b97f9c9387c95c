using System.Security.Cryptography;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Model;

public sealed class ContentIdTests
{
    [Fact]
    public void ItIsWrittenAsSha256sumWritesIt()
    {
        using var temporary = new TemporaryFolder();
        var bytes = RandomNumberGenerator.GetBytes(1000);
        File.WriteAllBytes(temporary["file"], bytes);

        var peers = Command.Must("sha256sum", temporary["file"]).Text.Split(' ')[0];

        new ContentId(SHA256.HashData(bytes)).ToString().ShouldBe(peers);
        ContentId.Parse(peers).ShouldBe(new ContentId(SHA256.HashData(bytes)));
    }

    [Fact]
    public void TheBinaryFormComesBack()
    {
        var hash = RandomNumberGenerator.GetBytes(32);
        var copy = new byte[32];

        new ContentId(hash).CopyTo(copy);

        copy.ShouldBe(hash);
    }

    [Fact]
    public void EachBitCounts()
    {
        var hash = RandomNumberGenerator.GetBytes(32);
        var id = new ContentId(hash);
        for (var bit = 0; bit < 256; bit++)
        {
            var other = (byte[])hash.Clone();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            (new ContentId(other) == id).ShouldBeFalse($"bit {bit}");
        }
        (new ContentId(hash) == id).ShouldBeTrue();
        id.GetHashCode().ShouldBe(new ContentId(hash).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void OtherTextIsRefused(string text) => Should.Throw<FormatException>(() => ContentId.Parse(text));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void OtherLengthsAreRefused(int length) => Should.Throw<ArgumentException>(() => new ContentId(new byte[length]));
}
