using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Holdfast.Core.Jobs.Config;

/// <summary>Writes values as YAML that people can read: blocks of keys, lists in one line.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A block of keys, a line each, blocks below them indented.</summary>
    public static string Block(JsonObject map)
    {
        var text = new StringBuilder();
        Append(text, map, "");
        return text.ToString();
    }

    /// <summary>A text as a value: without quotes where YAML would read the same text back, else as in JSON.</summary>
    public static string Scalar(string text) =>
        Plain().IsMatch(text) && !Special().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoting);

    private static void Append(StringBuilder text, JsonObject map, string indentation)
    {
        foreach (var (key, value) in map)
        {
            text.Append(indentation).Append(Scalar(key)).Append(':');
            if (value is JsonObject { Count: > 0 } inner)
            {
                text.Append('\n');
                Append(text, inner, indentation + "  ");
            }
            else
            {
                text.Append(' ').Append(Flow(value)).Append('\n');
            }
        }
    }

    private static string Flow(JsonNode? value) => value switch
    {
        JsonArray { Count: 1 } one => Flow(one[0]),
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        JsonObject => "{}",
        JsonValue scalar when scalar.TryGetValue(out string? text) => Scalar(text),
        _ => value!.ToJsonString(),
    };

    // Nothing that means anything to YAML, in a block or in a list on one line.
    [GeneratedRegex(@"^[\p{L}\p{Nd}/~._+][\p{L}\p{Nd}/~._+@%=-]*(:[\p{L}\p{Nd}/~._+@%=-]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    // Text that YAML 1.1 or 1.2 readers take for something else.
    [GeneratedRegex("^([-+.]?[0-9][0-9_.:e+-]*|0[xob].*|~|null|true|false|yes|no|on|off|y|n|[.](inf|nan))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Special();
}
