using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Record;

/// <summary>A part of a file that is larger than a volume may be.</summary>
/// <param name="Volume">Number of the volume.</param>
/// <param name="Position">Where its first header begins in the archive.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Content">SHA-256 of the part.</param>
internal sealed record FilePart(long Volume, long Position, long Length, ContentId Content)
{
    private static readonly byte[] List = ".holdfast-parts"u8.ToArray();

    /// <summary>The path of the n-th part, counted from 1.</summary>
    public static EntryPath PathOf(EntryPath file, int number) =>
        file.Parent.Child([.. file.Name, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".holdfast-part-{number:D4}"))]);

    /// <summary>The path of the list that <c>sha256sum -c</c> reads.</summary>
    public static EntryPath ListPathOf(EntryPath file) => file.Parent.Child([.. file.Name, .. List]);

    /// <summary>The list: what the parts' and the whole file's SHA-256 are, as sha256sum writes it.</summary>
    public static byte[] ListOf(EntryPath file, IReadOnlyList<FilePart> parts, ContentId whole)
    {
        var list = new List<byte>();
        for (var i = 0; i < parts.Count; i++)
            AddLine(list, PathOf(file, i + 1).Name, parts[i].Content);
        AddLine(list, file.Name, whole);
        return [.. list];
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<FilePart> parts)
    {
        json.WriteStartArray("parts");
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteNumber("volume", part.Volume);
            json.WriteNumber("position", part.Position);
            json.WriteNumber("size", part.Length);
            json.WriteString("sha256", part.Content.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static IReadOnlyList<FilePart> Read(JsonElement json) =>
        [.. json.EnumerateArray().Select(p => new FilePart(p.GetProperty("volume").GetInt64(), p.GetProperty("position").GetInt64(), p.GetProperty("size").GetInt64(), ContentId.Parse(p.GetProperty("sha256").GetString())))];

    // coreutils: a name with a line feed or a backslash is escaped, and the line begins with a backslash.
    private static void AddLine(List<byte> list, ReadOnlySpan<byte> name, ContentId content)
    {
        if (name.ContainsAny((byte)'\n', (byte)'\\', (byte)'\r'))
            list.Add((byte)'\\');
        list.AddRange(Encoding.ASCII.GetBytes(content + "  "));
        foreach (var b in name)
            list.AddRange(b switch { (byte)'\n' => "\\n"u8, (byte)'\r' => "\\r"u8, (byte)'\\' => "\\\\"u8, _ => [b] });
        list.Add((byte)'\n');
    }
}
