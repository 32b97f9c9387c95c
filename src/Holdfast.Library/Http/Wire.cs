using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Record;

namespace Holdfast.Library.Http;

/// <summary>What client and server say to each other, in JSON (docs/http-api.md).</summary>
internal static class Wire
{
    public const string Info = "api/v1/library", Missing = "api/v1/missing", Names = "api/v1/names", Uploads = "api/v1/uploads", Contents = "api/v1/contents", Scan = "sync", ScanEvents = "api/v1/scan", Entries = "api/v1/entries", Files = "api/v1/files", Clients = "api/v1/clients", Verify = "api/v1/verify";

    // No system takes a sixteenth of it at once, but a tree may be deeper than a path may be long.
    private const int LongestPath = 65_536;

    /// <summary>Contents that may be read back in one request.</summary>
    public const int MostVerified = 200;

    /// <summary>Contents that a check has read back in one request, so that its progress is seen.</summary>
    public const int MostHashesAtLeisure = 20;

    /// <summary>Hashes that may be asked for at once.</summary>
    public const int MostHashes = 10_000;

    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>An entry with the hints that no record keeps.</summary>
    public static void Put(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        NameLine.Put(json, entry);
        if (entry.Identity is { } identity)
        {
            json.WriteStartObject("identity");
            json.WriteNumber("device", identity.Device);
            json.WriteNumber("inode", identity.Inode);
            json.WriteString("ctime", identity.Changed.ToString());
            if (identity.Born is { } born)
                json.WriteString("born", born.ToString());
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    public static void Put(Utf8JsonWriter json, HeldFile held)
    {
        json.WriteStartObject();
        json.WriteString("sha256", held.Content.ToString());
        json.WriteString("path", Text(held.Path));
        json.WriteNumber("size", held.Stat.Size);
        json.WriteString("mtime", held.Stat.Modified.ToString());
        json.WriteNumber("device", held.Stat.Device);
        json.WriteNumber("mount", held.Stat.Mount);
        json.WriteEndObject();
    }

    public static HeldFile HeldOf(JsonElement json) => new(
        ContentId.Parse(json.GetProperty("sha256").GetString()),
        PathOf(json.GetProperty("path").GetString()!),
        new FileStat
        {
            Type = EntryType.File,
            Size = json.GetProperty("size").GetInt64(),
            Modified = Timestamp.Parse(json.GetProperty("mtime").GetString()),
            Device = json.GetProperty("device").GetUInt64(),
            Mount = json.GetProperty("mount").GetUInt64(),
        });

    /// <exception cref="FormatException">It is no entry.</exception>
    public static Entry EntryOf(JsonElement json)
    {
        try
        {
            var entry = NameLine.EntryOf(json);
            return entry with
            {
                Path = Checked(entry.Path),
                Identity = json.TryGetProperty("identity", out var identity)
                    ? new FileIdentity(
                        identity.GetProperty("device").GetUInt64(),
                        identity.GetProperty("inode").GetUInt64(),
                        identity.TryGetProperty("born", out var born) ? Timestamp.Parse(born.GetString()) : null,
                        Timestamp.Parse(identity.GetProperty("ctime").GetString()))
                    : null,
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new FormatException($"that is no entry: {e.Message}", e);
        }
    }

    /// <exception cref="FormatException">It is no path.</exception>
    public static EntryPath PathOf(string text)
    {
        try
        {
            return text is "" or "." ? EntryPath.Root : Checked(EntryPath.From(PathText.Decode(System.Text.Encoding.UTF8.GetBytes(text))));
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>What works with a path part by part would be at it for ever.</summary>
    private static EntryPath Checked(EntryPath path) =>
        path.Length <= LongestPath ? path : throw new FormatException("a path has at most 65,536 bytes");

    /// <summary>A path in JSON and in queries: percent-encoded where it is no text (<see cref="PathText"/>).</summary>
    public static string Text(EntryPath path) => path.IsRoot ? "." : PathText.Encode(path.Bytes);

    public static string Word(KeptOutcome outcome) => outcome switch
    {
        KeptOutcome.Stored => "stored",
        KeptOutcome.AlreadyThere => "already-there",
        KeptOutcome.Noted => "noted",
        KeptOutcome.DeletedForGood => "deleted",
        KeptOutcome.Conflict => "conflict",
        _ => "missing",
    };

    public static KeptOutcome Outcome(string? word) => word switch
    {
        "stored" => KeptOutcome.Stored,
        "already-there" => KeptOutcome.AlreadyThere,
        "noted" => KeptOutcome.Noted,
        "deleted" => KeptOutcome.DeletedForGood,
        "conflict" => KeptOutcome.Conflict,
        _ => KeptOutcome.Missing,
    };
}
