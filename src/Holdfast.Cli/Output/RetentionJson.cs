using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Output;

/// <summary>What stays and what goes, one object a snapshot.</summary>
internal sealed class RetentionJson(Stream output, string target) : IPrinter<RetentionDecision>
{
    public void Print(RetentionDecision item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "retention");
        json.WriteString("target", target);
        json.WriteString("snapshot", item.Snapshot.Id);
        json.WriteTime("time", item.Snapshot.Time);
        json.WriteBoolean("keep", item.IsKept);
        json.WriteStartArray("reasons");
        foreach (var reason in item.Reasons)
            json.WriteStringValue(reason);
        json.WriteEndArray();
    });

    public void Finish()
    {
    }
}
