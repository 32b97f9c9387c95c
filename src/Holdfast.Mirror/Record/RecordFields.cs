using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Record;

/// <summary>The keys of one line while it is read. Keys that are not known are passed over, so that a later version may add some.</summary>
internal struct RecordFields
{
    private ChangeKind? _kind;
    private EntryPath? _path, _from, _linked;
    private EntryType? _type;
    private long _size;
    private Timestamp? _modified;
    private int _mode;
    private uint _userId, _groupId;
    private string? _user, _group;
    private ContentId? _content;
    private byte[]? _target;
    private DeviceNumber? _device;
    private bool _sparse, _mount, _untracked;
    private ExtendedAttributes? _attributes;

    public void Read(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("kind"u8)) _kind = RecordNames.Kind(Text(ref json));
        else if (json.ValueTextEquals("path"u8)) _path = Path(ref json);
        else if (json.ValueTextEquals("type"u8)) _type = RecordNames.Type(Text(ref json));
        else if (json.ValueTextEquals("size"u8)) _size = Number(ref json);
        else if (json.ValueTextEquals("mtime"u8)) _modified = Timestamp.Parse(Text(ref json));
        else if (json.ValueTextEquals("mode"u8)) _mode = Convert.ToInt32(Text(ref json), 8);
        else if (json.ValueTextEquals("uid"u8)) _userId = checked((uint)Number(ref json));
        else if (json.ValueTextEquals("gid"u8)) _groupId = checked((uint)Number(ref json));
        else if (json.ValueTextEquals("user"u8)) _user = string.Intern(Encoding.UTF8.GetString(Bytes(ref json)));
        else if (json.ValueTextEquals("group"u8)) _group = string.Intern(Encoding.UTF8.GetString(Bytes(ref json)));
        else if (json.ValueTextEquals("sha256"u8)) _content = ContentId.Parse(Text(ref json));
        else if (json.ValueTextEquals("from"u8)) _from = Path(ref json);
        else if (json.ValueTextEquals("target"u8)) _target = Bytes(ref json);
        else if (json.ValueTextEquals("device"u8)) _device = Device(Text(ref json));
        else if (json.ValueTextEquals("linked"u8)) _linked = Path(ref json);
        else if (json.ValueTextEquals("sparse"u8)) _sparse = Flag(ref json);
        else if (json.ValueTextEquals("mount"u8)) _mount = Flag(ref json);
        else if (json.ValueTextEquals("tracked"u8)) _untracked = !Flag(ref json);
        else if (json.ValueTextEquals("xattrs"u8)) _attributes = Attributes(ref json);
        else { json.Read(); json.Skip(); }
    }

    public readonly RecordLine ToLine()
    {
        var entry = new Entry
        {
            Path = _path ?? throw new FormatException("the key 'path' is missing."),
            Type = _type ?? throw new FormatException("the key 'type' is missing."),
            Size = _size,
            Modified = _modified ?? throw new FormatException("the key 'mtime' is missing."),
            Mode = _mode,
            UserId = _userId,
            GroupId = _groupId,
            User = _user,
            Group = _group,
            Content = _content,
            LinkTarget = _target,
            Device = _device,
            LinkedWith = _linked,
            IsSparse = _sparse,
            IsMountPoint = _mount,
            Tracked = !_untracked,
            Attributes = _attributes ?? ExtendedAttributes.None,
        };
        return new RecordLine(_kind ?? throw new FormatException("the key 'kind' is missing."), entry, _from);
    }

    private static EntryPath Path(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.String);
        var text = json.ValueSpan;
        return text.SequenceEqual("."u8) ? EntryPath.Root : EntryPath.From(text.Contains((byte)'%') || json.ValueIsEscaped ? Decode(ref json) : text);
    }

    private static byte[] Bytes(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.String);
        return Decode(ref json);
    }

    private static byte[] Decode(ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? PathText.Decode(Encoding.UTF8.GetBytes(json.GetString()!)) : PathText.Decode(json.ValueSpan);

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString() ?? throw new FormatException("a text is missing.");
    }

    private static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt64();
    }

    private static bool Flag(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetBoolean();
    }

    private static DeviceNumber Device(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new DeviceNumber(uint.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture), uint.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private static ExtendedAttributes Attributes(ref Utf8JsonReader json)
    {
        var found = new List<ExtendedAttribute>();
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Decode(ref json);
            json.Read();
            found.Add(new ExtendedAttribute(name, json.GetBytesFromBase64()));
        }
        return ExtendedAttributes.From(found);
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
            throw new FormatException(type == JsonTokenType.String ? "a text is missing." : "an object is missing.");
    }
}
