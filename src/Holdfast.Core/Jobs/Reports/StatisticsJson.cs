using System.Text.Json;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>What a snapshot added, as members of a JSON object.</summary>
public static class StatisticsJson
{
    /// <summary>Writes the members into the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, SnapshotStatistics statistics)
    {
        json.WriteNumber("entries", statistics.Entries);
        json.WriteNumber("bytes", statistics.Bytes);
        json.WriteNumber("new", statistics.New);
        json.WriteNumber("changed", statistics.Changed);
        json.WriteNumber("metadata", statistics.Metadata);
        json.WriteNumber("moved", statistics.Moved);
        json.WriteNumber("deleted", statistics.Deleted);
        json.WriteNumber("again", statistics.Again);
        json.WriteNumber("bytes_added", statistics.BytesAdded);
    }
}
