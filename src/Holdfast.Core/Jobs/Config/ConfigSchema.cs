using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The JSON Schema (draft 2020-12) of a config, for editors; made of the table the loader works from.</summary>
public static class ConfigSchema
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text.</summary>
    public static string Text() => ToJson().ToJsonString(Readable) + "\n";

    /// <summary>The schema.</summary>
    public static JsonObject ToJson() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "holdfast.yaml",
        ["$ref"] = "#/$defs/file",
        ["$defs"] = new JsonObject(ConfigKeys.Sections.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Name, Block(s)))),
    };

    private static JsonObject Block(ConfigSection section)
    {
        var block = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(section.Keys.Select(k => KeyValuePair.Create<string, JsonNode?>(k.Name, Property(k)))),
        };
        if (section.Required.Count > 0)
            block["required"] = new JsonArray([.. section.Required.Select(name => (JsonNode)name)]);
        return block;
    }

    private static JsonObject Property(ConfigKey key)
    {
        var schema = key.ValueForm.Schema();
        var text = key.Default is null ? key.Description : $"{key.Description} Default: {key.Default}.";
        schema.Insert(0, "description", text.Replace("`", "", StringComparison.Ordinal));
        return schema;
    }
}
