using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>What the value of a key looks like: how it is read, shown and described.</summary>
internal abstract class ValueForm
{
    /// <summary>For people: "a path or a list of paths".</summary>
    public abstract string Words { get; }

    /// <summary>JSON Schema of a value.</summary>
    public abstract JsonObject Schema();
}

/// <summary>A form of values of one type.</summary>
internal abstract class ValueForm<T> : ValueForm
{
    /// <summary>Reads a value; false when it was none, which is then among the problems.</summary>
    public abstract bool TryRead(ConfigNode node, ConfigReading reading, [MaybeNullWhen(false)] out T value);

    /// <summary>The value as a config file would hold it.</summary>
    public abstract JsonNode Show(T value);
}
