using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>A dry run's plan, one object a path.</summary>
internal sealed class ChangeJson(Stream output) : IPrinter<PlannedChange>
{
    public void Print(PlannedChange item)
    {
        if (item.Kind is not { } kind)
            return;
        JsonLine.Write(output, json =>
        {
            var entry = item.Change.Entry;
            json.WriteString("type", "change");
            json.WriteString("target", item.Target);
            json.WriteString("change", kind);
            json.WritePath("path", entry.Path.Bytes);
            json.WriteString("kind", KindName.Of(entry.Type));
            json.WriteNumber("size", entry.Size);
            if (item.Change.MovedFrom is { } from)
                json.WritePath("moved_from", from.Bytes);
        });
    }

    public void Finish()
    {
    }
}
