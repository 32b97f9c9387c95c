using Holdfast.Library.Scanning;

namespace Holdfast.Cli.Output;

/// <summary>The report of a scan of a library, as one object.</summary>
internal sealed class ScanJson(Stream output, string library) : IPrinter<ScanReport>
{
    public void Print(ScanReport item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "scan");
        json.WriteString("library", library);
        json.WriteNumber("files", item.Files);
        json.WriteNumber("bytes", item.Bytes);
        json.WriteNumber("new", item.New);
        json.WriteNumber("changed", item.Changed);
        json.WriteNumber("renamed", item.Renamed);
        json.WriteNumber("removed", item.Removed);
        json.WriteNumber("duplicates", item.Duplicates);
        json.WriteNumber("busy", item.Busy);
        json.WriteNumber("deleted_for_good", item.DeletedForGood);
        json.WriteNumber("bytes_hashed", item.BytesHashed);
        json.WriteNumber("seconds", Math.Round(item.Duration.TotalSeconds, 3));
        json.WriteNumber("hash_seconds", Math.Round(item.HashDuration.TotalSeconds, 3));
        json.WriteStartArray("unreadable");
        foreach (var (path, reason) in item.Unreadable)
        {
            json.WriteStartObject();
            json.WritePath("path", path.Bytes);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public void Finish()
    {
    }
}
