using System.Text.Json;
using Holdfast.Cli.Output;
using Holdfast.Core.Engine.Safe;

namespace Holdfast.Cli.Safe;

/// <summary>The answer for programs: an object a file, then the totals.</summary>
internal sealed class SafeJson(Stream output)
{
    public void Print(Judged item) => JsonLine.Write(output, json =>
    {
        var verdict = item.Verdict;
        json.WriteString("type", "file");
        json.WritePath("path", verdict.Item.Shown);
        json.WriteBoolean("safe", verdict.IsSafe);
        if (verdict.File is { } file)
        {
            json.WriteNumber("size", file.Stat.Size);
            json.WriteString("sha256", file.Content.ToString());
        }
        json.WriteString("problem", verdict.Problem);
        json.WriteStartArray("copies");
        foreach (var copy in verdict.Copies)
            Copy(json, copy);
        json.WriteEndArray();
        json.WriteStartArray("not_connected");
        foreach (var copy in item.Remembered)
        {
            json.WriteStartObject();
            json.WriteString("place", copy.PlaceName);
            json.WritePath("path", copy.Path.Bytes);
            json.WriteTime("seen", copy.Seen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public void Print(Deleted item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", item.Left is null ? "deleted" : "left");
        json.WritePath("path", item.Verdict.Item.Shown);
        if (item.Left is not null)
            json.WriteString("problem", item.Left);
    });

    public void Print(SafeTotals totals) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "total");
        json.WriteBoolean("safe", totals.EveryFileIsSafe);
        json.WriteNumber("files", totals.Files);
        json.WriteNumber("bytes", totals.Bytes);
        json.WriteNumber("files_safe", totals.Safe);
        json.WriteNumber("bytes_safe", totals.SafeBytes);
        json.WriteNumber("files_unknown", totals.Unknown);
        json.WriteNumber("deleted", totals.Deleted);
        json.WriteStartArray("not_asked");
        foreach (var (place, problem) in totals.Absent)
        {
            json.WriteStartObject();
            json.WriteString("place", place);
            json.WriteString("problem", problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void Copy(Utf8JsonWriter json, CopyVerdict copy)
    {
        json.WriteStartObject();
        json.WriteString("place", copy.Place.Name);
        json.WritePath("path", copy.Copy.Entry.Entry.Path.Bytes);
        json.WriteString("file", copy.Where);
        json.WriteBoolean("counts", copy.Problem is null);
        json.WriteString("problem", copy.Problem);
        json.WriteString("snapshot", copy.Copy.Snapshots is [.., var newest] ? newest.Id : null);
        json.WriteBoolean("kept_forever", copy.Kept.Forever);
        if (copy.Kept.Date is { } until)
            json.WriteTime("kept_until", until);
        json.WriteNumber("kept_snapshots", copy.Kept.Snapshots);
        json.WriteBoolean("read_back", copy.ReadBack);
        if (copy.Copy.Verified is { } verified)
            json.WriteTime("verified", verified);
        json.WriteEndObject();
    }
}
