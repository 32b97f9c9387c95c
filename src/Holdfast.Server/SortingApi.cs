using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Sorting;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>Moves and removes files, and lets deleted contents come back: what people otherwise do in a file manager.</summary>
internal sealed class SortingApi(LibraryFolder library)
{
    public async Task MoveAsync(HttpContext context)
    {
        using var body = await LibraryApi.BodyAsync(context);
        var (from, to) = (PathOf(body, "from"), PathOf(body, "to"));
        await AnswerAsync(context, await library.MoveAsync(from, to, context.RequestAborted), to);
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var path = Wire.PathOf(query["path"].ToString());
        ContentId? expected = query["hash"].ToString() is { Length: > 0 } hash ? ContentId.Parse(hash) : null;
        bool? forGood = query["for_good"].ToString() switch
        {
            "" => null,
            "1" => true,
            "0" => false,
            _ => throw new BadHttpRequestException("for_good is 1 or 0"),
        };
        await AnswerAsync(context, await library.RemoveAsync(path, expected, forGood, context.RequestAborted), path);
    }

    public Task DeletedAsync(HttpContext context) => LibraryApi.AnswerAsync(context, json =>
    {
        json.WriteStartArray("deleted");
        foreach (var (content, path) in library.Deleted())
        {
            json.WriteStartObject();
            json.WriteString("sha256", content.ToString());
            if (path is { } was)
                json.WriteString("path", Wire.Text(was));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public async Task UndeleteAsync(HttpContext context)
    {
        using var body = await LibraryApi.BodyAsync(context);
        var contents = body.RootElement.GetProperty("hashes").EnumerateArray().Select(h => ContentId.Parse(h.GetString())).ToList();
        var before = library.Deleted().Select(d => d.Content).ToHashSet();
        library.Undelete(contents);
        await LibraryApi.AnswerAsync(context, json => json.WriteNumber("undeleted", contents.Distinct().Count(before.Contains)));
    }

    private static Task AnswerAsync(HttpContext context, Sorted outcome, EntryPath path)
    {
        (context.Response.StatusCode, var error) = outcome switch
        {
            Sorted.NotThere => (StatusCodes.Status404NotFound, "there is no such file or folder"),
            Sorted.Taken => (StatusCodes.Status409Conflict, $"something has the name '{path}', or one that some systems take for the same"),
            Sorted.OtherContents => (StatusCodes.Status412PreconditionFailed, $"'{path}' has other contents"),
            Sorted.NotEmpty => (StatusCodes.Status409Conflict, $"'{path}' is not empty"),
            _ => (StatusCodes.Status200OK, ""),
        };
        return LibraryApi.AnswerAsync(context, json =>
        {
            if (error.Length > 0)
                json.WriteString("error", error);
            else
                json.WriteString("path", Wire.Text(path));
        });
    }

    private static EntryPath PathOf(JsonDocument body, string name) => Wire.PathOf(body.RootElement.GetProperty(name).GetString() ?? "");
}
