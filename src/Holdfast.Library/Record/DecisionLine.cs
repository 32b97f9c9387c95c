using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Library.Record;

/// <summary>What somebody decided.</summary>
internal enum Decision
{
    /// <summary>Contents that go away may come back with the next upload.</summary>
    Forget,

    /// <summary>Contents that go away are not wanted again.</summary>
    Remember,

    /// <summary>A content was deleted for good.</summary>
    Deleted,

    /// <summary>A content may come back.</summary>
    Undeleted,
}

/// <summary>
/// A line of <c>log.jsonl</c>. Sample:
/// <code>{"at":"2026-11-20T02:00:00Z","event":"deleted","sha256":"…","path":"2024/blurred.jpg"}</code>
/// </summary>
internal sealed record DecisionLine(DateTimeOffset At, Decision Decision, ContentId? Content = null, EntryPath? Path = null)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void WriteTo(Stream lines)
    {
        using (var json = new Utf8JsonWriter(lines, Plain))
        {
            json.WriteStartObject();
            json.WriteString("at", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("event", Decision.ToString().ToLowerInvariant());
            if (Content is { } content)
                json.WriteString("sha256", content.ToString());
            if (Path is { } path)
                json.WriteString("path", PathText.Encode(path.Bytes));
            json.WriteEndObject();
        }
        lines.WriteByte((byte)'\n');
    }

    /// <summary>Null for an event of a later version.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static DecisionLine? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (!Enum.TryParse<Decision>(json.GetProperty("event").GetString(), ignoreCase: true, out var decision))
                return null;
            return new DecisionLine(
                json.GetProperty("at").GetDateTimeOffset(),
                decision,
                json.TryGetProperty("sha256", out var content) ? ContentId.Parse(content.GetString()) : null,
                json.TryGetProperty("path", out var path) ? EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(path.GetString()!))) : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
