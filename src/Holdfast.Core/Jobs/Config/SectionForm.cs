using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>A block of keys under a key.</summary>
internal sealed class SectionForm<T>(ConfigSection<T> section) : ValueForm<T>
    where T : class
{
    public override string Words => "a block of keys";

    public override JsonObject Schema() => section.Reference();

    public override JsonNode Show(T value) => section.Show(value);

    public override bool TryRead(ConfigNode node, ConfigReading reading, [MaybeNullWhen(false)] out T value)
    {
        value = null;
        if (node is not ConfigMap map)
        {
            reading.Report(node.Line, $"{reading.Subject} must be {Words}, not {node.What}");
            return false;
        }
        var before = reading.Problems.Count;
        value = section.Read(map, reading.Inside(reading.Key));
        if (reading.Problems.Count == before && section.Problem?.Invoke(value) is { } problem)
            reading.Report(map.Line, $"{reading.Subject} {problem}");
        return reading.Problems.Count == before;
    }
}
