using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Record;

/// <summary>A damaged record is an error that says where; it never passes for a shorter one.</summary>
public sealed class DamagedRecordTests : IDisposable
{
    private const string Good = """{"kind":"new","path":"a","type":"fifo","mtime":"1.5"}""";

    private readonly RecordFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void WhereverTheFileIsCutOffReadingItFails()
    {
        _file.Write(RandomLines.Sorted(new Random(RandomSeed.Next()), 20));
        var whole = File.ReadAllBytes(_file.Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_file.Path, whole[..length]);
            Should.Throw<HoldfastException>(_file.Read, $"cut to {length} of {whole.Length} bytes").Message.ShouldContain(RecordFile.Shown);
        }
    }

    [Fact]
    public void AFlippedBitInTheContentsFails()
    {
        var random = new Random(RandomSeed.Next());
        _file.Write(RandomLines.Sorted(random, 20));
        var whole = File.ReadAllBytes(_file.Path);
        for (var i = 0; i < 300; i++)
        {
            // The ten bytes before are the head of gzip: a time, hints.
            var at = random.Next(10, whole.Length);
            byte[] spoiled = [.. whole];
            spoiled[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_file.Path, spoiled);
            Should.Throw<HoldfastException>(_file.Read, $"byte {at}").Message.ShouldContain(RecordFile.Shown);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("12")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5"} and more""")]
    [InlineData("""{"path":"b","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo"}""")]
    [InlineData("""{"kind":"newer","path":"b","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"door","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"soon"}""")]
    [InlineData("""{"kind":"new","path":"b%G1","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b%4","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"../b","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b%00","type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":null,"type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":17,"type":"fifo","mtime":"1.5"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5","mode":"0888"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5","mode":644}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5","uid":-1}""")]
    [InlineData("""{"kind":"new","path":"b","type":"file","mtime":"1.5","size":"1"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"file","mtime":"1.5","sha256":"0123"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"file","mtime":"1.5","sha256":"zz1c83bb4ce4ba8d3ae9bf1a6c4f0d9c2b8f5e7a6d3c1b0a9f8e7d6c5b4a3f2e"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"symlink","mtime":"1.5","target":[]}""")]
    [InlineData("""{"kind":"new","path":"b","type":"char-device","mtime":"1.5","device":"13"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5","tracked":"no"}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5","xattrs":5}""")]
    [InlineData("""{"kind":"new","path":"b","type":"fifo","mtime":"1.5","xattrs":{"user.a":"%"}}""")]
    public void ALineThatIsNoneFailsAndIsNamedByItsNumber(string bad)
    {
        _file.WriteText($"{Good}\n{bad}\n{Good}\n");

        var error = Should.Throw<HoldfastException>(_file.Read);

        error.Message.ShouldContain($"'{RecordFile.Shown}' is damaged at line 2:");
    }

    [Fact]
    public void HalfALineAtTheEndFails()
    {
        _file.WriteText($"{Good}\n{Good}");

        Should.Throw<HoldfastException>(_file.Read).Message.ShouldContain("is damaged at line 2: the last line is cut off");
    }
}
