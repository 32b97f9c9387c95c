using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What a repair did, one object.</summary>
internal sealed class RecordRepairJson(Stream output, string target) : IPrinter<RecordRepairResult>
{
    public void Print(RecordRepairResult item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "repair");
        json.WriteString("target", target);
        json.WriteString("done", item.Done);
        json.WriteStartArray("remarks");
        foreach (var remark in item.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
        json.WriteStartArray("missing");
        foreach (var finding in item.Missing)
        {
            json.WriteStartObject();
            json.WriteString("path", finding.Path);
            json.WriteString("problem", finding.Problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public void Finish()
    {
    }
}
