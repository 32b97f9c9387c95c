using Holdfast.Core.Engine.Measuring;

namespace Holdfast.Cli.Output;

/// <summary>What a place holds: an object a snapshot, then the totals.</summary>
internal sealed class UsageJson(Stream output) : IPrinter<PlaceUsage>
{
    public void Print(PlaceUsage item)
    {
        foreach (var s in item.Snapshots)
            JsonLine.Write(output, json =>
            {
                json.WriteString("type", "snapshot");
                json.WriteString("id", s.Snapshot.Id);
                json.WriteTime("time", s.Snapshot.Time);
                json.WriteNumber("entries", s.Entries);
                json.WriteNumber("bytes", s.Bytes);
                json.WriteNumber("files_added", s.FilesAdded);
                json.WriteNumber("bytes_added", s.BytesAdded);
            });
        JsonLine.Write(output, json =>
        {
            json.WriteString("type", "total");
            json.WriteNumber("snapshots", item.Snapshots.Count);
            json.WriteNumber("bytes_listed", item.BytesListed);
            json.WriteNumber("files_stored", item.FilesStored);
            json.WriteNumber("bytes_stored", item.BytesStored);
            json.WriteNumber("bytes_distinct", item.BytesDistinct);
            json.WriteNumber("bytes_saved", item.BytesSaved);
            if (item.GrowthPerDay is { } day)
            {
                json.WriteNumber("bytes_a_day", (long)day);
                json.WriteNumber("bytes_a_month", (long)(day * PlaceUsage.DaysOfMonth));
            }
        });
    }

    public void Finish()
    {
    }
}
