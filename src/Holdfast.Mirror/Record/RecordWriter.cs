using System.IO.Compression;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Record;

/// <summary>
/// Writes <c>entries.jsonl.gz</c>: one JSON object a line, in path order, keys in a fixed order, path first but for the
/// kind. Sample:
/// <code>{"kind":"new","path":"notes/a%0Ab.txt","type":"file","size":5,"mtime":"1763690000.000000001","mode":"0644","uid":1000,"gid":1000,"user":"ann","group":"ann","sha256":"…"}</code>
/// Names are percent-encoded (<see cref="PathText.Encode"/>), so no string holds a JSON escape.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    // RFC 1952: a head, a deflate stream of nothing, its CRC and length. .NET writes no byte at all for it, which gzip calls damaged.
    private static readonly byte[] EmptyGzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly Stream _file;
    private readonly GZipStream _gzip;
    private readonly Utf8JsonWriter _json;
    private readonly System.Buffers.ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private EntryPath? _last;

    public RecordWriter(IFileWriter file)
    {
        _file = new BufferedStream(new FileWriteStream(file), 1 << 16);
        _gzip = new GZipStream(_file, CompressionLevel.Fastest);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = NoEscapes.Instance, SkipValidation = true });
    }

    public long Lines { get; private set; }

    public void Write(RecordLine line)
    {
        // Invariant: readers merge records by path order; a line out of order would make them skip it.
        if (_last is { } last && last.CompareTo(line.Path) >= 0)
            throw new InvalidOperationException($"The record must be in path order: '{line.Path}' after '{last}'.");
        _last = line.Path;
        Lines++;
        Put(line);
        _json.Flush();
        _json.Reset();
        System.Buffers.BuffersExtensions.Write(_buffer, "\n"u8);
        if (_buffer.WrittenCount > 1 << 15)
            Drain();
    }

    public void Dispose()
    {
        if (Lines == 0)
            _file.Write(EmptyGzip);
        Drain();
        _json.Dispose();
        _gzip.Dispose();
    }

    private void Drain()
    {
        if (_buffer.WrittenCount > 0)
            _gzip.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    private void Put(RecordLine line)
    {
        var entry = line.Entry;
        _json.WriteStartObject();
        _json.WriteString("kind"u8, RecordNames.Of(line.Kind));
        _json.WriteString("path"u8, PathOf(entry.Path));
        _json.WriteString("type"u8, RecordNames.Of(entry.Type));
        if (entry.Type == EntryType.File)
            _json.WriteNumber("size"u8, entry.Size);
        _json.WriteString("mtime"u8, entry.Modified.ToString());
        _json.WriteString("mode"u8, ModeText(entry.Mode));
        _json.WriteNumber("uid"u8, entry.UserId);
        _json.WriteNumber("gid"u8, entry.GroupId);
        if (entry.User is { } user)
            _json.WriteString("user"u8, PathText.Encode(System.Text.Encoding.UTF8.GetBytes(user)));
        if (entry.Group is { } group)
            _json.WriteString("group"u8, PathText.Encode(System.Text.Encoding.UTF8.GetBytes(group)));
        if (entry.Content is { } content)
            _json.WriteString("sha256"u8, content.ToString());
        if (line.From is { } from)
            _json.WriteString("from"u8, PathOf(from));
        if (entry.LinkTarget is { } target)
            _json.WriteString("target"u8, PathText.Encode(target));
        if (entry.Device is { } device)
            _json.WriteString("device"u8, $"{device.Major}:{device.Minor}");
        if (entry.LinkedWith is { } first)
            _json.WriteString("linked"u8, PathOf(first));
        if (entry.IsSparse)
            _json.WriteBoolean("sparse"u8, true);
        if (entry.IsMountPoint)
            _json.WriteBoolean("mount"u8, true);
        if (!entry.Tracked)
            _json.WriteBoolean("tracked"u8, false);
        if (entry.Attributes.Count > 0)
            PutAttributes(entry.Attributes);
        _json.WriteEndObject();
    }

    private void PutAttributes(ExtendedAttributes attributes)
    {
        _json.WriteStartObject("xattrs"u8);
        foreach (var attribute in attributes.Items)
            _json.WriteBase64String(PathText.Encode(attribute.Name), attribute.Value);
        _json.WriteEndObject();
    }

    private static string PathOf(EntryPath path) => path.IsRoot ? "." : PathText.Encode(path.Bytes);

    private static string ModeText(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
