using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>One value, or a list of them.</summary>
internal sealed class ListForm<T>(ValueForm<T> item, string plural) : ValueForm<IReadOnlyList<T>>
{
    public override string Words => $"{item.Words} or a list of {plural}";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(item.Schema(), new JsonObject { ["type"] = "array", ["items"] = item.Schema() }),
    };

    public override JsonNode Show(IReadOnlyList<T> value) => new JsonArray([.. value.Select(item.Show)]);

    public override bool TryRead(ConfigNode node, ConfigReading reading, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        var values = new List<T>();
        value = values;
        if (node is ConfigScalar { IsEmpty: true } or ConfigMap)
        {
            reading.Report(node.Line, $"{reading.Subject} must be {Words}, not {node.What}");
            return false;
        }
        var good = true;
        foreach (var one in node is ConfigList list ? list.Items : [node])
        {
            if (item.TryRead(one, reading, out var read))
                values.Add(read);
            else
                good = false;
        }
        return good;
    }
}
