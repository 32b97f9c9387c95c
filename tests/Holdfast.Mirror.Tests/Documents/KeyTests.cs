using System.Text.Json;
using System.Text.RegularExpressions;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;
using Holdfast.Mirror.Tests.Record;

namespace Holdfast.Mirror.Tests.Documents;

/// <summary>The document of the format and the code say the same.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly RecordFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void EveryKeyOfARecordStandsInItsTableAndNoOther()
    {
        var random = new Random(1);
        _file.Write(RandomLines.Sorted(random, 300));

        var written = _file.Lines().SelectMany(l => JsonDocument.Parse(l).RootElement.EnumerateObject().Select(p => p.Name)).ToHashSet();

        var table = FormatDocument.Text[FormatDocument.Text.IndexOf("| key | value |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        var rows = Regex.Matches(table, @"^\| `[^|]+\|", RegexOptions.Multiline).Select(row => row.Value);
        var documented = rows.SelectMany(row => Regex.Matches(row, "(?<=`)[a-z0-9]+(?=`)")).Select(key => key.Value);
        documented.Order().ShouldBe(written.Order());
    }

    [Fact]
    public void EveryWordOfARecordStandsInTheDocument()
    {
        foreach (var word in RandomLines.Kinds.Select(RecordNames.Of).Concat(RandomLines.Types.Select(RecordNames.Of)))
            FormatDocument.Text.ShouldContain($"`{word}`");
    }

    [Fact]
    public void EveryKeyOfTheTwoSmallFilesStandsInTheDocument()
    {
        var description = new IncrementDescription { Number = 1, Time = default, Client = "", Job = "", Tags = ["a"], Statistics = new SnapshotStatistics() };
        using var json = JsonDocument.Parse(description.ToJson());
        foreach (var key in json.RootElement.EnumerateObject().Concat(json.RootElement.GetProperty("statistics").EnumerateObject()))
            FormatDocument.Text.ShouldContain($"\"{key.Name}\": ");

        using var place = _file.OpenFolder();
        new PlaceMarker { Id = "", Layout = "", Client = "", Job = "", Sources = [], Created = default }.Write(place);
        using var marker = JsonDocument.Parse(File.ReadAllBytes(_file.Temporary[".holdfast/place.json"]));
        foreach (var key in marker.RootElement.EnumerateObject())
            FormatDocument.Text.ShouldContain($"\"{key.Name}\": ");
    }
}
