using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>Snapshots, one object each.</summary>
internal sealed class SnapshotJson(Stream output) : IPrinter<Snapshot>
{
    public void Print(Snapshot item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "snapshot");
        json.WriteString("id", item.Id);
        json.WriteNumber("number", item.Number);
        json.WriteTime("time", item.Time);
        json.WriteString("client", item.Client);
        json.WriteString("job", item.Job);
        if (item.Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in item.Tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
        }
        if (item.IsIncomplete)
            json.WriteBoolean("incomplete", true);
        StatisticsJson.Write(json, item.Statistics);
    });

    public void Finish()
    {
    }
}
