using System.Text;
using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Model;

public sealed class PathTextTests
{
    [Fact]
    public void EveryNameComesBackFromItsRecordedForm()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 20_000; i++)
        {
            var name = RandomNames.Name(random);
            PathText.Decode(Encoding.UTF8.GetBytes(PathText.Encode(name))).ShouldBe(name);
        }
        var everyByte = Enumerable.Range(0, 256).Select(b => (byte)b).ToArray();
        PathText.Decode(Encoding.UTF8.GetBytes(PathText.Encode(everyByte))).ShouldBe(everyByte);
    }

    [Fact]
    public void TheRecordedFormNeedsNoEscapeInJson()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 5000; i++)
        {
            var text = PathText.Encode(RandomNames.Name(random));
            JsonSerializer.Deserialize<string>($"\"{text}\"").ShouldBe(text);
            text.Any(char.IsControl).ShouldBe(text.Any(c => c is >= '\u0080' and <= '\u009f'), "only C1 controls are ordinary text");
        }
    }

    [Fact]
    public void NoTwoNamesHaveOneRecordedForm()
    {
        var random = new Random(RandomSeed.Next());
        var names = Enumerable.Range(0, 20_000).Select(_ => RandomNames.Name(random)).DistinctBy(Convert.ToHexString).ToList();

        names.Select(n => PathText.Encode(n)).Distinct().Count().ShouldBe(names.Count);
    }

    [Fact]
    public void AShellUndoesTheRecordedFormAsDocumented()
    {
        Peer.Require("bash");
        var random = new Random(RandomSeed.Next());
        var names = Enumerable.Range(0, 1000).Select(_ => RandomNames.Name(random)).ToList();
        var records = string.Concat(names.Select(n => PathText.Encode(n) + "\n"));

        var result = Command.Run("bash", ["-c", """while IFS= read -r path; do printf '%b' "${path//%/\\x}"; printf '\0'; done"""], Encoding.UTF8.GetBytes(records));

        result.ErrorText.ShouldBe("");
        var undone = new List<byte[]>();
        var rest = result.Output.AsSpan();
        while (!rest.IsEmpty)
        {
            undone.Add(rest[..rest.IndexOf((byte)0)].ToArray());
            rest = rest[(rest.IndexOf((byte)0) + 1)..];
        }
        undone.Count.ShouldBe(names.Count);
        for (var i = 0; i < names.Count; i++)
            undone[i].ShouldBe(names[i], PathText.Encode(names[i]));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\"b\\c\n", "a%22b%5Cc%0A")]
    [InlineData("\u00e9\u65e5", "\u00e9\u65e5")]
    public void TextStaysReadable(string name, string recorded) => PathText.Encode(Encoding.UTF8.GetBytes(name)).ShouldBe(recorded);

    [Theory]
    [InlineData("%")]
    [InlineData("a%4")]
    [InlineData("%zz")]
    [InlineData("%+1")]
    [InlineData("% 1")]
    public void BrokenRecordsAreRefused(string recorded) => Should.Throw<FormatException>(() => PathText.Decode(Encoding.UTF8.GetBytes(recorded)));

    [Fact]
    public void PeopleSeeControlCharactersAndForeignBytesAsNumbers()
    {
        PathText.ForPeople("a\nb"u8).ShouldBe("a\\x0Ab");
        PathText.ForPeople([(byte)'x', 0xff]).ShouldBe("x\\xFF");
        PathText.ForPeople("a\\b"u8).ShouldBe("a\\\\b");
        PathText.ForPeople("\u00e9 %"u8).ShouldBe("\u00e9 %");
    }
}
