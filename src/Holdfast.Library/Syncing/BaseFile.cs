using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>
/// A file that both sides had when they were the same last, and how it looked in the folder. Sample:
/// <code>{"path":"DCIM/a.jpg","sha256":"…","size":5,"mtime":"1763690000.000000001","ctime":"1763690000.000000002","inode":12}</code>
/// Without a ctime its look says nothing, and it is read again.
/// </summary>
internal sealed record BaseFile(EntryPath Path, ContentId Content, long Size, Timestamp Modified, Timestamp? Changed, ulong Inode)
{
    public static BaseFile Of(EntryPath path, ContentId content, in FileStat stat) => new(path, content, stat.Size, stat.Modified, stat.Changed, stat.Inode);

    /// <summary>True when nothing says that the file was touched since. Where inode and ctime mean nothing, size and time must do.</summary>
    public bool IsUntouched(Entry file, bool stableIdentity) =>
        Changed is { } changed
        && file.Size == Size
        && file.Modified == Modified
        && (!stableIdentity || (file.Identity is { } identity && identity.Changed == changed && identity.Inode == Inode));

    public void WriteTo(Stream lines)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteString("path", PathText.Encode(Path.Bytes));
            json.WriteString("sha256", Content.ToString());
            json.WriteNumber("size", Size);
            json.WriteString("mtime", Modified.ToString());
            if (Changed is { } changed)
                json.WriteString("ctime", changed.ToString());
            json.WriteNumber("inode", Inode);
            json.WriteEndObject();
        }
        lines.WriteByte((byte)'\n');
    }

    /// <exception cref="FormatException">It is no such line.</exception>
    public static BaseFile Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new BaseFile(
                EntryPath.From(PathText.Decode(System.Text.Encoding.UTF8.GetBytes(json.GetProperty("path").GetString()!))),
                ContentId.Parse(json.GetProperty("sha256").GetString()),
                json.GetProperty("size").GetInt64(),
                Timestamp.Parse(json.GetProperty("mtime").GetString()),
                json.TryGetProperty("ctime", out var changed) ? Timestamp.Parse(changed.GetString()) : null,
                json.GetProperty("inode").GetUInt64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
