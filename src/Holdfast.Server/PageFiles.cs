using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>The page for browsers. It holds no data and no secrets, so anybody may load it; what it shows it asks for with the token that is typed into it.</summary>
internal static class PageFiles
{
    private const string Folder = "page/";
    private const string Start = "index.html";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    // Address → resource: every file of the folder Page.
    private static readonly Dictionary<string, string> Files = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToDictionary(name => name == Folder + Start ? "/" : name[(Folder.Length - 1)..], StringComparer.Ordinal);

    public static IEnumerable<string> Paths => Files.Keys;

    public static async Task SendAsync(HttpContext context)
    {
        var resource = Files[context.Request.Path.Value!];
        var headers = context.Response.Headers;
        context.Response.ContentType = Types[Path.GetExtension(resource)];
        // Nothing but what this server sent runs here, and no other site can frame it.
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        await using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
