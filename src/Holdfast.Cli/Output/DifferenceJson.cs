using Holdfast.Core.Engine.Comparing;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>Differences, one object each; then the totals.</summary>
internal sealed class DifferenceJson(Stream output, Snapshot first, Snapshot second) : IPrinter<Difference>
{
    private readonly DifferenceTotals _totals = new();

    public void Print(Difference item)
    {
        _totals.Add(item);
        JsonLine.Write(output, json =>
        {
            json.WriteString("type", "difference");
            json.WriteString("difference", DifferenceName.Of(item.Kind));
            json.WritePath("path", item.Path.Bytes);
            json.WriteString("kind", KindName.Of((item.After ?? item.Before)!.Type));
            if (item.Before is { } before)
            {
                json.WriteNumber("size_before", before.Size);
                if (before.Content is { } content)
                    json.WriteString("sha256_before", content.ToString());
            }
            if (item.After is { } after)
            {
                json.WriteNumber("size", after.Size);
                if (after.Content is { } content)
                    json.WriteString("sha256", content.ToString());
            }
            if (item.Kind == DifferenceKind.Moved)
                json.WritePath("moved_from", item.Before!.Path.Bytes);
        });
    }

    public void Finish() => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "total");
        json.WriteString("first", first.Id);
        json.WriteString("second", second.Id);
        foreach (var kind in Enum.GetValues<DifferenceKind>())
            json.WriteNumber(DifferenceName.Of(kind), _totals[kind]);
        json.WriteNumber("bytes_added", _totals.BytesAdded);
        json.WriteNumber("bytes_removed", _totals.BytesRemoved);
    });
}
