using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Record;

/// <summary>
/// One line of the index, the last member but one of a run's last volume: every path of the source, and every gone one whose
/// copy is still kept, with the volume of its newest copy. So each volume tells what the others hold.
/// </summary>
/// <param name="Path">The path.</param>
/// <param name="Volume">Number of the volume with the newest copy; null when no volume has one.</param>
internal sealed record IndexLine(EntryPath Path, long? Volume)
{
    public static EntryPath MemberPath { get; } = EntryPath.From(".holdfast/index.jsonl");

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What every line has: encoded once.
    private static readonly JsonEncodedText PathName = JsonEncodedText.Encode("path"), VolumeName = JsonEncodedText.Encode("volume"), SizeName = JsonEncodedText.Encode("size"), ContentName = JsonEncodedText.Encode("sha256");

    /// <summary>Bytes of a file.</summary>
    public long Size { get; init; }

    /// <summary>SHA-256 of a file.</summary>
    public ContentId? Content { get; init; }

    /// <summary>The first name of the file's, in path order, when it has several.</summary>
    public EntryPath? LinkedWith { get; init; }

    /// <summary>Where the parts of a file lie that is larger than a volume may be.</summary>
    public IReadOnlyList<FilePart> Parts { get; init; } = [];

    /// <summary>True for a folder on another file system than the one that holds it.</summary>
    public bool IsMountPoint { get; init; }

    /// <summary>What tar has no member for: the name of a socket. Its metadata, without the path.</summary>
    public Entry? Socket { get; init; }

    /// <summary>The run that found it gone; null for what is there.</summary>
    public long? GoneInRun { get; init; }

    /// <summary>When that run began.</summary>
    public DateTimeOffset? Gone { get; init; }

    /// <summary>The line for a state of a path.</summary>
    public static IndexLine Of(Entry entry, long? volume, (long Run, DateTimeOffset Time)? gone, IReadOnlyList<FilePart>? parts = null) => new(entry.Path, volume)
    {
        Size = entry.Size,
        Content = entry.Content,
        LinkedWith = entry.LinkedWith,
        Parts = parts ?? [],
        IsMountPoint = entry.IsMountPoint,
        Socket = entry.Type == EntryType.Socket ? entry : null,
        GoneInRun = gone?.Run,
        Gone = gone?.Time,
    };

    /// <summary>A writer for the lines of an index.</summary>
    public static Utf8JsonWriter Writer(ArrayBufferWriter<byte> output) => new(output, Options);

    /// <summary>Writes the line.</summary>
    /// <param name="json">Made by <see cref="Writer"/> for the output.</param>
    /// <param name="output">Where it goes.</param>
    public void Write(Utf8JsonWriter json, ArrayBufferWriter<byte> output)
    {
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString(PathName, PathText.Encode(Path.Bytes));
        if (Volume is { } volume)
            json.WriteNumber(VolumeName, volume);
        if (Content is { } content)
        {
            json.WriteNumber(SizeName, Size);
            WriteContent(json, content);
        }
        if (LinkedWith is { } first)
            json.WriteString("linked", PathText.Encode(first.Bytes));
        if (Parts.Count > 0)
            FilePart.Write(json, Parts);
        if (IsMountPoint)
            json.WriteBoolean("mount", true);
        if (Socket is { } socket)
            WriteSocket(json, socket);
        if (GoneInRun is { } run)
        {
            json.WriteNumber("gone_in_run", run);
            json.WriteString("gone", Gone!.Value);
        }
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    /// <exception cref="InvalidDataException">It is no line of an index.</exception>
    public static IndexLine Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            var path = PathOf(json.GetProperty("path"));
            return new IndexLine(path, json.TryGetProperty("volume", out var volume) ? volume.GetInt64() : null)
            {
                Size = json.TryGetProperty("size", out var size) ? size.GetInt64() : 0,
                Content = json.TryGetProperty("sha256", out var hash) ? ContentId.Parse(hash.GetString()) : null,
                LinkedWith = json.TryGetProperty("linked", out var linked) ? PathOf(linked) : null,
                Parts = json.TryGetProperty("parts", out var parts) ? FilePart.Read(parts) : [],
                IsMountPoint = json.TryGetProperty("mount", out _),
                Socket = json.TryGetProperty("socket", out var socket) ? ReadSocket(path, socket) : null,
                GoneInRun = json.TryGetProperty("gone_in_run", out var run) ? run.GetInt64() : null,
                Gone = json.TryGetProperty("gone", out var gone) ? gone.GetDateTimeOffset() : null,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"a line of the index is damaged: {e.Message}", e);
        }
    }

    private static void WriteContent(Utf8JsonWriter json, ContentId content)
    {
        Span<byte> binary = stackalloc byte[ContentId.Size], digits = stackalloc byte[2 * ContentId.Size];
        content.CopyTo(binary);
        _ = Convert.TryToHexStringLower(binary, digits, out _);
        json.WriteString(ContentName, digits);
    }

    private static EntryPath PathOf(JsonElement text) => EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(text.GetString() ?? "")));

    private static void WriteSocket(Utf8JsonWriter json, Entry socket)
    {
        json.WriteStartObject("socket");
        json.WriteNumber("mode", socket.Mode);
        json.WriteNumber("uid", socket.UserId);
        json.WriteNumber("gid", socket.GroupId);
        json.WriteString("mtime", socket.Modified.ToString());
        json.WriteStartObject("xattrs");
        foreach (var attribute in socket.Attributes.Items)
            json.WriteString(PathText.Encode(attribute.Name), Convert.ToBase64String(attribute.Value));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Entry ReadSocket(EntryPath path, JsonElement json) => new()
    {
        Path = path,
        Type = EntryType.Socket,
        Mode = json.GetProperty("mode").GetInt32(),
        UserId = json.GetProperty("uid").GetUInt32(),
        GroupId = json.GetProperty("gid").GetUInt32(),
        Modified = Timestamp.Parse(json.GetProperty("mtime").GetString()),
        Attributes = ExtendedAttributes.From(json.GetProperty("xattrs").EnumerateObject().Select(a => new ExtendedAttribute(PathText.Decode(Encoding.UTF8.GetBytes(a.Name)), a.Value.GetBytesFromBase64()))),
    };
}
