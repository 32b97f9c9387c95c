using Holdfast.Core.Engine.Restoring;

namespace Holdfast.Cli.Output;

/// <summary>What a restore did, one object.</summary>
internal sealed class RestoreJson(Stream output) : IPrinter<RestoreReport>
{
    public void Print(RestoreReport item) => JsonLine.Write(output, json =>
    {
        var c = item.Counters;
        json.WriteString("type", "restore");
        json.WriteString("snapshot", item.Snapshot.Id);
        json.WriteTime("started", item.Started);
        json.WriteNumber("seconds", Math.Round(item.Duration.TotalSeconds, 3));
        json.WriteBoolean("dry_run", item.DryRun);
        json.WriteBoolean("complete", item.IsComplete);
        json.WriteNumber("created", c.Created);
        json.WriteNumber("replaced", c.Replaced);
        json.WriteNumber("metadata", c.MetadataSet);
        json.WriteNumber("unchanged", c.Unchanged);
        json.WriteNumber("kept", c.Kept);
        json.WriteNumber("removed", c.Removed);
        json.WriteNumber("files_written", c.FilesDone);
        json.WriteNumber("bytes_written", c.BytesDone);
        json.WriteNumber("verified", c.Verified);
        json.WriteStartArray("remarks");
        foreach (var remark in item.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
        json.WriteNumber("missing", c.FailureCount);
        json.WriteStartArray("missing_paths");
        foreach (var failure in c.Failures)
        {
            json.WriteStartObject();
            json.WritePath("path", failure.Path.Bytes);
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public void Finish()
    {
    }
}
