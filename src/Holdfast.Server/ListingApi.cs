using System.Security.Cryptography;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Holdfast.Server;

/// <summary>What lies in the library, and the files themselves, for programs and for the page.</summary>
internal sealed class ListingApi(LibraryFolder library)
{
    // Types a browser shows by itself and that cannot run anything in the page's name.
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".heic"] = "image/heic",
        [".mp4"] = "video/mp4",
        [".mov"] = "video/quicktime",
        [".mp3"] = "audio/mpeg",
        [".pdf"] = "application/pdf",
        [".txt"] = "text/plain; charset=utf-8",
    };

    public Task EntriesAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var under = Wire.PathOf(query["under"].ToString());
        EntryPath? after = query["after"].ToString() is { Length: > 0 } text ? Wire.PathOf(text) : null;
        var (entries, last) = query["children"] == "1"
            ? library.Children(under, after)
            : query["unknown"] == "1" ? library.FilesWithUnknown(under, after)
            : library.Files(under, after, query["q"].ToString() is { Length: > 0 } search ? search : null);
        var body = Wire.Write(json =>
        {
            json.WriteStartArray("entries");
            foreach (var entry in entries)
                Wire.Put(json, entry);
            json.WriteEndArray();
            if (last is { } next)
                json.WriteString("after", Wire.Text(next));
        });
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
        return Results.Bytes(body, "application/json", entityTag: tag).ExecuteAsync(context);
    }

    public Task FileAsync(HttpContext context) => SendAsync(context, Wire.PathOf(context.Request.Query["path"].ToString()));

    /// <summary>Sends a file, or a range of it; 404 when none lies there.</summary>
    public async Task SendAsync(HttpContext context, EntryPath path)
    {
        if (path.IsRoot || library.OpenAt(path) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var stat = file.Stat();
        var type = Types.GetValueOrDefault(Path.GetExtension(System.Text.Encoding.UTF8.GetString(path.Name)));
        // A file that somebody uploaded is never a page of this server.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        var tag = new EntityTagHeaderValue($"\"{stat.Inode:x}-{stat.Changed}-{stat.Size}\"");
        await Results.Stream(new ContentStream(file), type ?? "application/octet-stream", enableRangeProcessing: true, entityTag: tag, lastModified: stat.Modified.ToDateTimeOffset()).ExecuteAsync(context);
    }

    public Task ClientsAsync(HttpContext context) => LibraryApi.AnswerAsync(context, json =>
    {
        json.WriteStartArray("clients");
        foreach (var (client, jobs) in library.Clients())
        {
            json.WriteStartObject();
            json.WriteString("client", client);
            json.WriteStartArray("jobs");
            foreach (var job in jobs)
                json.WriteStringValue(job);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
