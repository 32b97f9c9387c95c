using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>One JSON object on one line.</summary>
internal static class JsonLine
{
    // Not for HTML: names stay readable. Control characters are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object whose members <paramref name="members"/> writes.</summary>
    public static void Write(Stream stream, Action<Utf8JsonWriter> members)
    {
        stream.Write(ToBytes(members));
        stream.WriteByte((byte)'\n');
    }

    public static string ToText(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(ToBytes(members));

    /// <summary>A path: as text, and where it is not UTF-8 its bytes as well.</summary>
    public static void WritePath(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> path)
    {
        if (Utf8.IsValid(path))
        {
            json.WriteString(name, path);
            return;
        }
        json.WriteString(name, Encoding.UTF8.GetString(path));
        json.WriteBase64String(name + "_base64", path);
    }

    /// <summary>A moment, to the second, in UTC.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));

    private static ReadOnlySpan<byte> ToBytes(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }
}
