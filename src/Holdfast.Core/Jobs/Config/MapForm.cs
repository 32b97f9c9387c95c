using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>Names that people choose, each with a block of keys: jobs, chats.</summary>
/// <param name="word">What one is: "job".</param>
/// <param name="section">The keys of each.</param>
/// <param name="mayBeEmpty">True when a name may stand without any key.</param>
/// <param name="problem">What is wrong with a name, or null.</param>
internal sealed class MapForm<T>(string word, ConfigSection<T> section, bool mayBeEmpty, Func<string, string?> problem)
    : ValueForm<IReadOnlyList<Named<T>>>
    where T : class
{
    public override string Words => $"a block of {word} names, each with its keys";

    public override JsonObject Schema()
    {
        var reference = section.Reference();
        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = mayBeEmpty ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference,
        };
    }

    public override JsonNode Show(IReadOnlyList<Named<T>> value) =>
        new JsonObject(value.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Name, section.Show(one.Value))));

    public override bool TryRead(ConfigNode node, ConfigReading reading, [MaybeNullWhen(false)] out IReadOnlyList<Named<T>> value)
    {
        var named = new List<Named<T>>();
        value = named;
        if (node is not ConfigMap map)
        {
            reading.Report(node.Line, $"{reading.Subject} must be {Words}, not {node.What}");
            return false;
        }
        var before = reading.Problems.Count;
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (!lines.TryAdd(entry.Name, entry.Line))
                reading.Report(entry.Line, $"the {word} '{entry.Name}' is already in line {lines[entry.Name]}");
            if (problem(entry.Name) is { } wrong)
                reading.Report(entry.Line, $"the {word} '{entry.Name}': {wrong}");
            var inside = reading.Inside($"{word} '{entry.Name}'");
            if (entry.Value is ConfigMap keys)
                named.Add(new Named<T>(entry.Name, entry.Line, section.Read(keys, inside)));
            else if (mayBeEmpty && entry.Value is ConfigScalar { IsEmpty: true })
                named.Add(new Named<T>(entry.Name, entry.Line, section.Start));
            else
                reading.Report(entry.Line, $"the {word} '{entry.Name}' must be a block of keys, not {entry.Value.What}");
        }
        return reading.Problems.Count == before;
    }
}

/// <summary>Something with a name and the line it stands on.</summary>
internal sealed record Named<T>(string Name, int Line, T Value);
