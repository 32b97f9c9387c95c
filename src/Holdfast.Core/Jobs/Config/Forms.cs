using System.Globalization;
using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The forms of values that keys share.</summary>
internal static class Forms
{
    /// <summary>Any text.</summary>
    public static ScalarForm<string> Text { get; } = new("a text", (text, _) => text, v => v, TextSchema);

    /// <summary>A shell command. The shell expands its variables, so that secrets do not end up in the config or in argv.</summary>
    public static ScalarForm<string> Command { get; } = new("a command", (text, _) => text, v => v, TextSchema, expands: false);

    /// <summary>A path, relative to the config file.</summary>
    public static ScalarForm<string> Path { get; } =
        new("a path", (text, at) => PathValue.Absolute(text, at.Reading.Folder, at.Reading.Environment), v => v, TextSchema);

    /// <summary>true or false.</summary>
    public static ScalarForm<bool> Flag { get; } = new("true or false", (text, _) => ParseFlag(text), v => v, () => OrVariable("boolean"));

    /// <summary>A whole number from 0.</summary>
    public static ScalarForm<int> Count { get; } = WholeNumber(0);

    /// <summary>A whole number from 1.</summary>
    public static ScalarForm<int> AtLeastOne { get; } = WholeNumber(1);

    /// <summary>A length of time.</summary>
    public static ScalarForm<TimeSpan> Duration { get; } =
        new("a length of time", (text, _) => Jobs.Duration.Parse(text), v => Jobs.Duration.Format(v), () => Pattern(@"^(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$"));

    /// <summary>A number of bytes.</summary>
    public static ScalarForm<long> Size { get; } =
        new("a size", (text, _) => ByteSize.Parse(text), v => ByteSize.Format(v), SizeSchema);

    /// <summary>A share: 0.25 or 25%.</summary>
    public static ScalarForm<double> Share { get; } = new("a share", (text, _) => Jobs.Share.Parse(text), v => v, ShareSchema);

    /// <summary>One of some words.</summary>
    public static ScalarForm<string> Choice(params string[] words) =>
        new(
            $"one of {string.Join(", ", words)}",
            (text, _) => Array.IndexOf(words, text) >= 0 ? text : throw new FormatException(NotAmong(text, words)),
            v => v,
            () => new JsonObject { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) });

    /// <summary>Text that begins with a pattern.</summary>
    public static JsonObject Pattern(string pattern) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = pattern }, VariableSchema()) };

    /// <summary>Any text. Numbers without quotes are text too.</summary>
    public static JsonObject TextSchema() => new() { ["type"] = new JsonArray("string", "number") };

    private static ScalarForm<int> WholeNumber(int least) => new(
        least == 0 ? "a whole number" : $"a whole number from {least}",
        (text, _) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"'{text}' is not a whole number from {least}"),
        v => v,
        () =>
        {
            var number = new JsonObject { ["type"] = "integer", ["minimum"] = least };
            return new JsonObject { ["anyOf"] = new JsonArray(number, VariableSchema()) };
        });

    private static bool ParseFlag(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => throw new FormatException($"'{text}' is not true or false"),
    };

    private static string NotAmong(string text, string[] words)
    {
        var near = NearestName.Find(text, words);
        return near is null ? $"'{text}' is none of {string.Join(", ", words)}" : $"'{text}' is none of {string.Join(", ", words)}; did you mean '{near}'?";
    }

    private static JsonObject OrVariable(string type) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = type }, VariableSchema()) };

    private static JsonObject VariableSchema() => new() { ["type"] = "string", ["pattern"] = @"\$\{" };

    private static JsonObject SizeSchema() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, Pattern(@"^[0-9.]+ ?([kKmMgGtTpP](iB|B)?|B)?$")),
    };

    private static JsonObject ShareSchema() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 }, Pattern(@"^[0-9.]+%?$")),
    };
}
