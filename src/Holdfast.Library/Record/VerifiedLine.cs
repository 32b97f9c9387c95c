using System.Globalization;
using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Library.Record;

/// <summary>
/// A line of <c>verified.jsonl</c>: a content was read back from the disk and was right; or, with <c>"new":true</c>, its bytes came
/// anew and what was known of the old ones counts no more. Sample:
/// <code>{"at":"2026-11-20T02:00:00Z","sha256":"…"}</code>
/// </summary>
internal sealed record VerifiedLine(DateTimeOffset At, ContentId Content, bool IsNew = false)
{
    public void WriteTo(Stream lines)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteString("at", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("sha256", Content.ToString());
            if (IsNew)
                json.WriteBoolean("new", true);
            json.WriteEndObject();
        }
        lines.WriteByte((byte)'\n');
    }

    /// <exception cref="FormatException">It is no such line.</exception>
    public static VerifiedLine Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new VerifiedLine(json.GetProperty("at").GetDateTimeOffset(), ContentId.Parse(json.GetProperty("sha256").GetString()), json.TryGetProperty("new", out var isNew) && isNew.GetBoolean());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
