using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Library.Record;

/// <summary>
/// A line of <c>names.jsonl</c>: under which name a client's job brought what. The last line of a name counts. Sample:
/// <code>{"at":"2026-11-20T02:00:00Z","client":"laptop","job":"photos","path":"DCIM/a.jpg","type":"file","size":5,"mtime":"1763690000.000000001","mode":"0644","uid":1000,"gid":1000,"sha256":"…"}</code>
/// Paths and symlink targets are percent-encoded (<see cref="PathText.Encode"/>).
/// </summary>
internal sealed record NameLine(DateTimeOffset At, string Client, string Job, Entry Entry)
{
    /// <summary>True when the client took the name back: it renamed or removed what it had just put.</summary>
    public bool IsGone { get; init; }

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (EntryType Type, string Word)[] Types =
    [
        (EntryType.File, "file"), (EntryType.Folder, "folder"), (EntryType.Symlink, "symlink"), (EntryType.Fifo, "fifo"),
        (EntryType.Socket, "socket"), (EntryType.CharDevice, "char-device"), (EntryType.BlockDevice, "block-device"),
    ];

    public void WriteTo(Stream lines)
    {
        using (var json = new Utf8JsonWriter(lines, Plain))
        {
            json.WriteStartObject();
            json.WriteString("at", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("client", Client);
            json.WriteString("job", Job);
            Put(json, Entry);
            if (IsGone)
                json.WriteBoolean("gone", true);
            json.WriteEndObject();
        }
        lines.WriteByte((byte)'\n');
    }

    /// <exception cref="FormatException">It is no such line.</exception>
    public static NameLine Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new NameLine(json.GetProperty("at").GetDateTimeOffset(), json.GetProperty("client").GetString()!, json.GetProperty("job").GetString()!, EntryOf(json))
            {
                IsGone = json.TryGetProperty("gone", out var gone) && gone.GetBoolean(),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The keys of an entry, into an open object.</summary>
    public static void Put(Utf8JsonWriter json, Entry entry)
    {
        json.WriteString("path", entry.Path.IsRoot ? "." : PathText.Encode(entry.Path.Bytes));
        json.WriteString("type", Types.First(t => t.Type == entry.Type).Word);
        if (entry.Type == EntryType.File)
            json.WriteNumber("size", entry.Size);
        json.WriteString("mtime", entry.Modified.ToString());
        json.WriteString("mode", Convert.ToString(entry.Mode, 8).PadLeft(4, '0'));
        json.WriteNumber("uid", entry.UserId);
        json.WriteNumber("gid", entry.GroupId);
        if (entry.User is { } user)
            json.WriteString("user", user);
        if (entry.Group is { } group)
            json.WriteString("group", group);
        if (entry.Content is { } content)
            json.WriteString("sha256", content.ToString());
        if (entry.LinkTarget is { } target)
            json.WriteString("target", PathText.Encode(target));
        if (entry.Device is { } device)
            json.WriteString("device", $"{device.Major}:{device.Minor}");
        if (entry.LinkedWith is { } first)
            json.WriteString("linked", PathText.Encode(first.Bytes));
        if (entry.IsSparse)
            json.WriteBoolean("sparse", true);
        if (entry.IsMountPoint)
            json.WriteBoolean("mount", true);
        if (!entry.Tracked)
            json.WriteBoolean("tracked", false);
        if (entry.Attributes.Count == 0)
            return;
        json.WriteStartObject("xattrs");
        foreach (var attribute in entry.Attributes.Items)
            json.WriteBase64String(PathText.Encode(attribute.Name), attribute.Value);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Put"/> wrote.</summary>
    public static Entry EntryOf(JsonElement json) => new()
    {
        Path = json.GetProperty("path").GetString() is "." ? EntryPath.Root : EntryPath.From(Bytes(json.GetProperty("path"))),
        Type = TypeOf(json.GetProperty("type").GetString()),
        Size = json.TryGetProperty("size", out var size) ? size.GetInt64() : 0,
        Modified = Timestamp.Parse(json.GetProperty("mtime").GetString()),
        Mode = Convert.ToInt32(json.GetProperty("mode").GetString(), 8),
        UserId = json.GetProperty("uid").GetUInt32(),
        GroupId = json.GetProperty("gid").GetUInt32(),
        User = json.TryGetProperty("user", out var user) ? user.GetString() : null,
        Group = json.TryGetProperty("group", out var group) ? group.GetString() : null,
        Content = json.TryGetProperty("sha256", out var content) ? ContentId.Parse(content.GetString()) : null,
        LinkTarget = json.TryGetProperty("target", out var target) ? Bytes(target) : null,
        Device = json.TryGetProperty("device", out var device) ? DeviceOf(device.GetString()!) : null,
        LinkedWith = json.TryGetProperty("linked", out var first) ? EntryPath.From(Bytes(first)) : null,
        IsSparse = json.TryGetProperty("sparse", out var sparse) && sparse.GetBoolean(),
        IsMountPoint = json.TryGetProperty("mount", out var mount) && mount.GetBoolean(),
        Tracked = !json.TryGetProperty("tracked", out var tracked) || tracked.GetBoolean(),
        Attributes = json.TryGetProperty("xattrs", out var attributes)
            ? ExtendedAttributes.From([.. attributes.EnumerateObject().Select(a => new ExtendedAttribute(PathText.Decode(Encoding.UTF8.GetBytes(a.Name)), a.Value.GetBytesFromBase64()))])
            : ExtendedAttributes.None,
    };

    private static byte[] Bytes(JsonElement text) => PathText.Decode(Encoding.UTF8.GetBytes(text.GetString()!));

    private static EntryType TypeOf(string? word)
    {
        foreach (var (type, name) in Types)
            if (name == word)
                return type;
        throw new FormatException($"'{word}' is no type of entry.");
    }

    private static DeviceNumber DeviceOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new DeviceNumber(uint.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture), uint.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}
