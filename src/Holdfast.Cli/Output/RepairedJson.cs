using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>The same, one object a file and one for the whole.</summary>
internal sealed class RepairedJson(Stream output, string target) : IPrinter<Repaired>
{
    private long _mended, _lost;

    public void Print(Repaired item)
    {
        if (item.From is null)
            _lost++;
        else
            _mended++;
        JsonLine.Write(output, json =>
        {
            json.WriteString("type", item.From is null ? "lost" : "mended");
            json.WriteString("path", item.Path);
            json.WriteString("problem", item.Problem);
            if (item.From is not null)
                json.WriteString("from", item.From);
            if (item.Unknown is not null)
                json.WriteString("unknown", item.Unknown);
            json.WriteStartArray("snapshots");
            foreach (var id in item.Snapshots)
                json.WriteStringValue(id);
            json.WriteEndArray();
        });
    }

    public void Finish() => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "repair");
        json.WriteString("target", target);
        json.WriteNumber("mended", _mended);
        json.WriteNumber("lost", _lost);
    });
}
