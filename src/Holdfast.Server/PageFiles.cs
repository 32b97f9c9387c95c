using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>The page for browsers. It holds no data and no secrets, so anybody may load it; what it shows it asks for with the token that is typed into it.</summary>
internal static class PageFiles
{
    private static readonly Dictionary<string, (string Resource, string Type)> Files = new(StringComparer.Ordinal)
    {
        ["/"] = ("index.html", "text/html; charset=utf-8"),
        ["/page.js"] = ("page.js", "text/javascript; charset=utf-8"),
        ["/page.css"] = ("page.css", "text/css; charset=utf-8"),
    };

    public static IEnumerable<string> Paths => Files.Keys;

    public static async Task SendAsync(HttpContext context)
    {
        var (resource, type) = Files[context.Request.Path.Value!];
        var headers = context.Response.Headers;
        context.Response.ContentType = type;
        // Nothing but what this server sent runs here, and no other site can frame it.
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        await using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream($"page/{resource}")!;
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
