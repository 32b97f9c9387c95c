using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>A key of the config: the one place that knows its name, form and meaning.</summary>
public abstract class ConfigKey
{
    /// <summary>As it is written.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>A value as it could stand in a file, in YAML.</summary>
    public required string Example { get; init; }

    /// <summary>What holds without it, in words; null when nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>The layouts it is for; empty for all.</summary>
    public IReadOnlyList<TargetKind> For { get; init; } = [];

    /// <summary>For people: what a value looks like.</summary>
    public string Form => ValueForm.Words;

    internal abstract ValueForm ValueForm { get; }
}

/// <summary>A key of blocks that become a <typeparamref name="T"/>.</summary>
internal abstract class ConfigKey<T> : ConfigKey
{
    /// <summary>Reads the value into the whole.</summary>
    public abstract T Read(ConfigNode node, ConfigReading reading, T into);

    /// <summary>The value as a file would hold it, or null when it is not set.</summary>
    public abstract JsonNode? Show(T from);
}

/// <summary>A key whose values are of type <typeparamref name="V"/>.</summary>
internal sealed class ConfigKey<T, V>(ValueForm<V> form, Func<T, V, T> set, Func<T, JsonNode?> show) : ConfigKey<T>
{
    internal override ValueForm ValueForm => form;

    public override T Read(ConfigNode node, ConfigReading reading, T into) =>
        form.TryRead(node, reading with { Key = Name }, out var value) ? set(into, value) : into;

    public override JsonNode? Show(T from) => show(from);
}
