using System.Text.Json;

namespace Holdfast.Core.Targets;

/// <summary>
/// Form of the marker in JSON. By hand, because every command reads a marker first of all, and the serializer takes 30 ms to
/// get ready, a tenth of an unchanged run.
/// </summary>
internal static class PlaceMarkerJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true };

    /// <summary>Reads a marker. What it does not know it skips.</summary>
    /// <exception cref="JsonException">That is no marker, or something is missing in it.</exception>
    public static PlaceMarker Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var marker = document.RootElement;
        if (marker.ValueKind != JsonValueKind.Object)
            throw new JsonException("it holds no object.");
        return new PlaceMarker
        {
            Form = marker.TryGetProperty("form", out var form) ? form.ValueKind == JsonValueKind.Number && form.TryGetInt32(out var number) ? number : throw Wrong("form") : PlaceMarker.CurrentForm,
            Id = Text(marker, "id"),
            Layout = Text(marker, "layout"),
            Client = Text(marker, "client"),
            Job = Text(marker, "job"),
            Sources = Texts(marker, "sources"),
            Lacks = marker.TryGetProperty("lacks", out _) ? Texts(marker, "lacks") : null,
            Created = Property(marker, "created", JsonValueKind.String).TryGetDateTimeOffset(out var created) ? created : throw Wrong("created"),
        };
    }

    public static byte[] Write(PlaceMarker marker)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("form", marker.Form);
            writer.WriteString("id", marker.Id);
            writer.WriteString("layout", marker.Layout);
            writer.WriteString("client", marker.Client);
            writer.WriteString("job", marker.Job);
            Write(writer, "sources", marker.Sources);
            writer.WriteString("created", marker.Created);
            if (marker.Lacks is { } lacks)
                Write(writer, "lacks", lacks);
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static string Text(JsonElement marker, string name) => Property(marker, name, JsonValueKind.String).GetString()!;

    private static string[] Texts(JsonElement marker, string name)
    {
        var list = Property(marker, name, JsonValueKind.Array);
        var texts = new string[list.GetArrayLength()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = list[i].ValueKind == JsonValueKind.String ? list[i].GetString()! : throw Wrong(name);
        return texts;
    }

    private static JsonElement Property(JsonElement marker, string name, JsonValueKind kind) =>
        marker.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : throw Wrong(name);

    private static JsonException Wrong(string name) => new($"'{name}' is missing or of another kind.");
}
