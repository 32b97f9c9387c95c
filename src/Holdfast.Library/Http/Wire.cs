using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Library.Record;

namespace Holdfast.Library.Http;

/// <summary>What client and server say to each other, in JSON (docs/http-api.md).</summary>
internal static class Wire
{
    public const string Info = "api/v1/library", Missing = "api/v1/missing", Names = "api/v1/names", Uploads = "api/v1/uploads", Contents = "api/v1/contents", Scan = "sync";

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

    /// <exception cref="FormatException">It is no entry.</exception>
    public static Entry EntryOf(JsonElement json)
    {
        try
        {
            return NameLine.EntryOf(json) with
            {
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
