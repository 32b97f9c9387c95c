using Holdfast.Core.Model;
using Holdfast.Library;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Dav;

/// <summary>The library for file managers, to look and to copy from.</summary>
internal sealed class LibraryDav(LibraryFolder library, ListingApi listing)
{
    public const string Share = "/dav/library";

    public Task OptionsAsync(HttpContext context) => DavRequest.OptionsAsync(context, "OPTIONS, PROPFIND, GET, HEAD");

    public Task GetAsync(HttpContext context) => listing.SendAsync(context, DavRequest.PathOf(context, Share));

    public Task FindAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        if (!path.IsRoot && library.FileAt(path) is { } file)
            return DavRequest.AnswerAsync(context, Share, [new DavNode(path, IsFolder: false, file.Size, file.Modified)]);
        var (first, after) = library.Children(path, null);
        if (!path.IsRoot && first.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        var nodes = new List<DavNode> { DavNode.Folder(path) };
        if (DavRequest.WantsChildren(context))
            for (var page = first; ; (page, after) = library.Children(path, after))
            {
                nodes.AddRange(page.Select(DavNode.Of));
                if (after is null)
                    break;
            }
        return DavRequest.AnswerAsync(context, Share, nodes);
    }
}
