using Holdfast.Library.Http;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>A file under an address of its own for a while: what a browser plays or saves, it asks for without a token.</summary>
internal sealed class LinkApi(FileLinks links, ListingApi listing)
{
    public const string Links = "api/v1/links";

    public async Task MakeAsync(HttpContext context)
    {
        using var body = await LibraryApi.BodyAsync(context);
        var path = Wire.PathOf(body.RootElement.GetProperty("path").GetString() ?? "");
        var id = links.Make(Gate.TokenOf(context), path);
        await LibraryApi.AnswerAsync(context, json => json.WriteString("link", $"{Links}/{id}"));
    }

    public Task SendAsync(HttpContext context, string id)
    {
        if (links.Find(id) is not { } path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        // Whoever uses the machine next finds neither the file nor where it came from.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return listing.SendAsync(context, path);
    }
}
