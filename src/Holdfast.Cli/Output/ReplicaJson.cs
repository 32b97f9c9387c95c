using Holdfast.Library.Replicating;

namespace Holdfast.Cli.Output;

/// <summary>What was done to a copy of a library, as one object.</summary>
internal sealed class ReplicaJson(Stream output, string copy) : IPrinter<ReplicaReport>
{
    public void Print(ReplicaReport item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "replica");
        json.WriteString("copy", copy);
        json.WriteNumber("files", item.Files);
        json.WriteNumber("added", item.Added);
        json.WriteNumber("replaced", item.Replaced);
        json.WriteNumber("removed", item.Removed);
        json.WriteNumber("bytes_copied", item.BytesCopied);
        json.WriteNumber("seconds", Math.Round(item.Duration.TotalSeconds, 3));
        json.WriteStartArray("failures");
        foreach (var (path, reason) in item.Failures)
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
