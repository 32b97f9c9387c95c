using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>A value that stands on one line.</summary>
/// <param name="words">For people: "a size".</param>
/// <param name="parse">Reads the text; throws a <see cref="FormatException"/> that says what to write instead.</param>
/// <param name="show">The value as a config file holds it.</param>
/// <param name="schema">Makes the JSON Schema.</param>
/// <param name="expands">False where <c>${NAME}</c> is left for someone else to expand.</param>
internal sealed class ScalarForm<T>(
    string words, Func<string, ScalarAt, T> parse, Func<T, JsonNode> show, Func<JsonObject> schema, bool expands = true)
    : ValueForm<T>
{
    public override string Words => words;

    public override JsonObject Schema() => schema();

    public override JsonNode Show(T value) =>
        show(value) is JsonValue shown && expands && shown.TryGetValue(out string? text) ? text.Replace("${", "$${", StringComparison.Ordinal) : show(value);

    public override bool TryRead(ConfigNode node, ConfigReading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ConfigScalar { IsEmpty: false } scalar)
        {
            reading.Report(node.Line, $"{reading.Subject} must be {words}, not {node.What}");
            return false;
        }
        try
        {
            var text = expands ? EnvironmentText.Expand(scalar.Text, reading.Environment) : scalar.Text;
            value = parse(text, new ScalarAt(reading, scalar.Line));
            return true;
        }
        catch (FormatException e)
        {
            reading.Report(node.Line, reading.IsTyped ? e.Message : $"{reading.Subject}: {e.Message}");
            return false;
        }
    }
}

/// <summary>Where a value that stands on one line was found.</summary>
internal readonly record struct ScalarAt(ConfigReading Reading, int Line);
