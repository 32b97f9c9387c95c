using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Holdfast.Server.Restic;

/// <summary>
/// restic's REST protocol, version 2: https://restic.readthedocs.io/en/stable/REST_backend.html. Files are stored atomically and
/// durably before the answer; a name is never given twice.
/// </summary>
internal sealed class ResticApi(Repositories repositories)
{
    private const string Version2 = "application/vnd.x.restic.rest.v2", Version1 = "application/vnd.x.restic.rest.v1";

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal) { "data", "index", "keys", "locks", "snapshots" };

    public Task CreateAsync(HttpContext context)
    {
        if (context.Request.Query["create"] != "true")
            throw new BadHttpRequestException("to make a repository, say create=true");
        repositories.Create(RepositoryOf(context));
        return Task.CompletedTask;
    }

    public async Task ListAsync(HttpContext context)
    {
        var folder = ObjectName.Parse(TypeOf(context));
        var withSizes = context.Request.Headers.Accept.ToString().Contains(Version2, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            await foreach (var file in repositories.Open(RepositoryOf(context)).ListAsync(folder, context.RequestAborted))
                Put(json, file, withSizes);
            json.WriteEndArray();
        }
        context.Response.ContentType = withSizes ? Version2 : Version1;
        context.Response.ContentLength = stream.Length;
        await context.Response.Body.WriteAsync(stream.GetBuffer().AsMemory(0, (int)stream.Length), context.RequestAborted);
    }

    public async Task HeadAsync(HttpContext context)
    {
        if (await repositories.Open(RepositoryOf(context)).TryStatAsync(NameOf(context), context.RequestAborted) is { } stat)
            context.Response.ContentLength = stat.Size;
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public async Task GetAsync(HttpContext context)
    {
        var (store, name) = (repositories.Open(RepositoryOf(context)), NameOf(context));
        if (await store.TryStatAsync(name, context.RequestAborted) is not { } stat)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var range = ByteRange.All;
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } text)
        {
            if (RangeOf(text, stat.Size) is not { } part)
            {
                context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                context.Response.Headers.ContentRange = new ContentRangeHeaderValue(stat.Size).ToString();
                return;
            }
            range = part;
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = new ContentRangeHeaderValue(part.Offset, part.Offset + part.Length!.Value - 1, stat.Size).ToString();
        }
        await using var content = await store.OpenAsync(name, range, context.RequestAborted);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = content.Length;
        await content.Bytes.CopyToAsync(context.Response.Body, 256 * 1024, context.RequestAborted);
    }

    public async Task PutAsync(HttpContext context)
    {
        var (store, name) = (repositories.Open(RepositoryOf(context)), NameOf(context));
        var id = IdOf(context);
        var body = id is null ? context.Request.Body : new HashedBody(context.Request.Body, id);
        try
        {
            await store.PutAsync(name, ObjectBody.Once(body, context.Request.ContentLength), PutCondition.IfAbsent, context.RequestAborted);
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.Exists && id is not null)
        {
            // A second try, after an answer that was lost, finds what the first one stored.
            if (!await HoldsItsBytesAsync(store, name, id, context.RequestAborted))
                throw;
        }
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var (store, name) = (repositories.Open(RepositoryOf(context)), NameOf(context));
        if (await store.TryStatAsync(name, context.RequestAborted) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await store.RemoveAsync(name, context.RequestAborted);
        await store.FlushAsync(CancellationToken.None);
    }

    private static async Task<bool> HoldsItsBytesAsync(IStore store, ObjectName name, string sha256, CancellationToken cancellationToken)
    {
        await using var there = await store.OpenAsync(name, ByteRange.All, cancellationToken);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(there.Bytes, cancellationToken)) == sha256;
    }

    private static void Put(Utf8JsonWriter json, ObjectStat file, bool withSizes)
    {
        var name = file.Name.Text[(file.Name.Text.LastIndexOf('/') + 1)..];
        if (!withSizes)
        {
            json.WriteStringValue(name);
            return;
        }
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("size", file.Size);
        json.WriteEndObject();
    }

    /// <summary>One range; null when the file has no such bytes.</summary>
    private static ByteRange? RangeOf(string text, long size)
    {
        if (!RangeHeaderValue.TryParse(text, out var header) || header.Ranges.Count != 1)
            throw new BadHttpRequestException("one range at a time");
        var range = header.Ranges.First();
        var from = range.From ?? Math.Max(0, size - range.To!.Value);
        var to = range.From is null ? size - 1 : Math.Min(range.To ?? (size - 1), size - 1);
        return from > to ? null : new ByteRange(from, to - from + 1);
    }

    private static string RepositoryOf(HttpContext context) => (string)context.Request.RouteValues["repository"]!;

    private static string TypeOf(HttpContext context)
    {
        // A route of its own, with another scope, has the type in its path.
        var type = context.Request.RouteValues["type"] as string ?? "locks";
        return Types.Contains(type) ? type : throw new BadHttpRequestException("there is no such type of file", StatusCodes.Status404NotFound);
    }

    private static string? IdOf(HttpContext context)
    {
        if (context.Request.RouteValues["id"] is not string id)
            return null;
        return id.Length == 64 && id.All(char.IsAsciiHexDigitLower) ? id : throw new BadHttpRequestException("a name is a SHA-256 in lower-case hexadecimal");
    }

    private static ObjectName NameOf(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return ObjectName.Parse("config");
        var type = TypeOf(context);
        return ObjectName.Parse(type == "data" ? string.Create(CultureInfo.InvariantCulture, $"data/{id[..2]}/{id}") : $"{type}/{id}");
    }
}
