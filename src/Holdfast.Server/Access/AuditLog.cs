using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Access;

/// <summary>
/// Who did what, when, and what came of it: a line of JSON a request in <c>PATH.server/audit.jsonl</c>, beside the tokens. It only
/// grows. Every request that could change something stands in it, and every one that was refused for its token; tokens never do.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private const int Longest = 1000;

    private static readonly EntryPath FilePath = EntryPath.From("audit.jsonl");
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IFolder _folder;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    /// <param name="library">The library's folder.</param>
    /// <param name="time">The clock.</param>
    public AuditLog(string library, TimeProvider time)
    {
        _folder = LocalFolders.Create(library.TrimEnd('/') + ".server");
        _time = time;
    }

    /// <summary>Says that a request did something worth a line, and to what.</summary>
    public static void Mention(HttpContext context, EntryPath name) => context.Items[nameof(AuditLog)] = name;

    /// <summary>Whether it was said.</summary>
    public static bool IsMentioned(HttpContext context) => context.Items.ContainsKey(nameof(AuditLog));

    /// <summary>Notes a request that is over.</summary>
    /// <param name="context">The request.</param>
    /// <param name="durable">True to wait until the line is on the disk.</param>
    /// <param name="failure">What went wrong without an answer, or null.</param>
    public void Note(HttpContext context, bool durable, string? failure = null)
    {
        var line = LineOf(context, failure);
        lock (_lock)
        {
            using var file = _folder.ContinueFile(FilePath, 0x180); // 0600
            file.Write(file.Stat().Size, line);
            if (durable)
                file.Sync();
        }
    }

    public void Dispose() => _folder.Dispose();

    private byte[] LineOf(HttpContext context, string? failure)
    {
        var request = context.Request;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteString("at", _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (Gate.TryTokenOf(context) is { } token)
                json.WriteString("token", token.Name);
            json.WriteString("address", context.Connection.RemoteIpAddress?.ToString());
            json.WriteString("method", request.Method);
            json.WriteString("path", Short(request.Path.Value ?? ""));
            if (request.QueryString.Value is { Length: > 0 } query)
                json.WriteString("query", Short(query));
            if (context.Items[nameof(AuditLog)] is EntryPath name)
                json.WriteString("name", Short(name.ToString()));
            if (failure is null)
                json.WriteNumber("status", context.Response.StatusCode);
            else
                json.WriteString("failure", Short(failure));
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static string Short(string text) => text.Length <= Longest ? text : text[..Longest] + "…";
}
