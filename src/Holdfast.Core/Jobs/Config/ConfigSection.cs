using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of one sort of block.</summary>
internal abstract class ConfigSection
{
    /// <summary>What the block is called in docs and schema: "job", "keep".</summary>
    public abstract string Name { get; }

    /// <summary>The keys, in the order they are shown.</summary>
    public abstract IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>The keys that must be there.</summary>
    public abstract IReadOnlyList<string> Required { get; }

    /// <summary>A reference to this block in the JSON Schema.</summary>
    public JsonObject Reference() => new() { ["$ref"] = $"#/$defs/{Name}" };
}

/// <summary>The keys of a block that becomes a <typeparamref name="T"/>.</summary>
/// <param name="name">What the block is called.</param>
/// <param name="start">What a block without keys means.</param>
/// <param name="keys">The keys.</param>
/// <param name="problem">What is wrong with the whole, or null.</param>
/// <param name="required">The keys that must be there.</param>
internal sealed class ConfigSection<T>(string name, T start, ConfigKey<T>[] keys, Func<T, string?>? problem = null, params string[] required) : ConfigSection
    where T : class
{
    public override string Name => name;

    public override IReadOnlyList<ConfigKey> Keys => keys;

    public override IReadOnlyList<string> Required => required;

    public T Start => start;

    public Func<T, string?>? Problem => problem;

    /// <summary>Keys that people look for here, and the block they belong into.</summary>
    public (IReadOnlyList<string> Keys, string Block)? Elsewhere { get; init; }

    /// <summary>Reads a block; what is wrong in it goes to the problems, the rest is read all the same.</summary>
    public T Read(ConfigMap map, ConfigReading reading)
    {
        var value = start;
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (!lines.TryAdd(entry.Name, entry.Line))
                reading.Report(entry.Line, $"'{entry.Name}'{reading.InBlock} is already in line {lines[entry.Name]}");
            else if (Array.Find(keys, k => string.Equals(k.Name, entry.Name, StringComparison.Ordinal)) is { } key)
                value = key.Read(entry.Value, reading, value);
            else
                reading.Report(entry.Line, Unknown(entry.Name, reading));
        }
        foreach (var missing in required)
            if (!lines.ContainsKey(missing))
                reading.Report(map.Line, $"{reading.Block ?? "the config"} has no '{missing}'");
        return value;
    }

    /// <summary>The block as a file would hold it: the keys that are set.</summary>
    public JsonObject Show(T value)
    {
        var shown = new JsonObject();
        foreach (var key in keys)
            if (key.Show(value) is { } node)
                shown[key.Name] = node;
        return shown;
    }

    private string Unknown(string name, ConfigReading reading)
    {
        if (Elsewhere is { } other && other.Keys.Contains(name, StringComparer.Ordinal))
            return $"'{name}' belongs into {other.Block}, not into {Name}";
        var text = $"unknown key '{name}'{reading.InBlock}";
        if (NearestName.Find(name, keys.Select(k => k.Name)) is { } near)
            return $"{text}: did you mean '{near}'?";
        return $"{text}; known are {string.Join(", ", keys.Select(k => k.Name))}";
    }
}
