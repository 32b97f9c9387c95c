using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Dav;

/// <summary>
/// MOVE and DELETE in the inbox (RFC 4918, sections 9.6 and 9.9), for programs that upload under a temporary name. They change
/// names of the token's own; a file follows only when it came with its name just now.
/// </summary>
internal sealed class InboxChanges(LibraryFolder library, FreshPuts fresh)
{
    public async Task MoveAsync(HttpContext context)
    {
        var (from, to) = (DavRequest.PathOf(context, InboxDav.Share), DavRequest.DestinationOf(context, InboxDav.Share));
        if (from.IsRoot || to.IsRoot)
            throw new BadHttpRequestException("the inbox itself has no other name", StatusCodes.Status403Forbidden);
        var replaces = library.Uploaded(ClientOf(context), InboxDav.Job, to);
        if (replaces is not null && (context.Request.Headers["Overwrite"] == "F" || replaces.Type == EntryType.Folder))
        {
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }
        // Section 9.9.3: onto itself is a mistake of the client's.
        context.Response.StatusCode = from == to || to.IsAtOrUnder(from) ? StatusCodes.Status403Forbidden
            : !await library.RenameAsync(fresh.NamesOf(ClientOf(context)), from, to, context.RequestAborted) ? StatusCodes.Status404NotFound
            : replaces is null ? StatusCodes.Status201Created
            : StatusCodes.Status204NoContent;
    }

    public async Task RemoveAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, InboxDav.Share);
        if (path.IsRoot)
            throw new BadHttpRequestException("the inbox itself cannot be removed", StatusCodes.Status403Forbidden);
        context.Response.StatusCode = await library.TakeBackAsync(fresh.NamesOf(ClientOf(context)), path, context.RequestAborted) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }

    private static string ClientOf(HttpContext context) => Gate.TokenOf(context).Name;
}
