using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The config as it is used: defaults merged into jobs, paths absolute, secrets masked.</summary>
public static class ConfigPrinter
{
    /// <summary>As YAML that loads to the same config (but for what was masked).</summary>
    public static string ToYaml(HoldfastConfig config) => YamlText.Block(ToJson(config));

    /// <summary>One job with everything that holds for it, as one line of JSON, which is YAML too.</summary>
    public static string ToLine(Job job)
    {
        var shown = JobKeys.Section.Show(job.Options);
        Mask(shown);
        return shown.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>As JSON.</summary>
    public static JsonObject ToJson(HoldfastConfig config)
    {
        var contents = new FileContents
        {
            Client = config.Client,
            State = config.StateFolder,
            Log = config.Log,
            Jobs = [.. config.Jobs.Select(job => new Named<JobOptions>(job.Name, 0, job.Options))],
            Telegram = config.Telegram,
            Notify = config.Notify,
        };
        var shown = FileKeys.Section.Show(contents);
        if (shown["defaults"] is JsonObject { Count: 0 })
            shown.Remove("defaults");
        Mask(shown);
        return shown;
    }

    // The config names files that hold secrets, but a hook's command may still carry an address with a password.
    private static void Mask(JsonNode node)
    {
        if (node is JsonObject map)
            foreach (var child in map.Select(e => e.Value).OfType<JsonNode>().ToList())
                Mask(child);
        else if (node is JsonArray list)
            foreach (var child in list.OfType<JsonNode>().ToList())
                Mask(child);
        else if (node is JsonValue value && value.TryGetValue(out string? text) && UrlSecrets.Find(text) is { } masked)
            node.ReplaceWith(masked);
    }
}
