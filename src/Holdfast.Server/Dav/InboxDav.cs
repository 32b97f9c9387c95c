using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Server.Access;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Holdfast.Server.Dav;

/// <summary>
/// A share that phones' backup programs and file managers write to. What they put there goes into the library as every upload does,
/// each content once; and the share shows each token what was put there with it, under its own names, wherever people moved it.
/// Nothing is replaced through it, and nothing removed but what was put there just now (<see cref="InboxChanges"/>).
/// </summary>
internal sealed class InboxDav(LibraryFolder library, Receiving receiving, FreshPuts fresh, TimeProvider time)
{
    public const string Share = "/dav/inbox";

    /// <summary>The job of the names that come in this way.</summary>
    public const string Job = "inbox";

    private const int FolderMode = 0x1ed, FileMode = 0x1a4;

    public Task OptionsAsync(HttpContext context) => DavRequest.OptionsAsync(context, "OPTIONS, PROPFIND, GET, HEAD, PUT, MKCOL, MOVE, DELETE");

    public async Task FindAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        if (await FindAsync(context, path) is not { } node)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var nodes = new List<DavNode> { node };
        if (node.IsFolder && DavRequest.WantsChildren(context))
            nodes.AddRange(library.UploadedIn(ClientOf(context), Job, path).Select(DavNode.Of));
        await DavRequest.AnswerAsync(context, Share, nodes);
    }

    public async Task GetAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        if (library.Uploaded(ClientOf(context), Job, path) is not { Content: { } content } entry || await library.OpenAsync(content, context.RequestAborted) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await Results.Stream(new ContentStream(file), "application/octet-stream", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{content}\""), lastModified: entry.Modified.ToDateTimeOffset()).ExecuteAsync(context);
    }

    public async Task PutAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        if (path.IsRoot || context.Request.Headers.ContentRange.Count > 0)
            throw new BadHttpRequestException("a file is put as a whole, under a name");
        var before = library.Uploaded(ClientOf(context), Job, path);
        if (before is { Type: EntryType.Folder })
            throw new BadHttpRequestException("a folder has this name", StatusCodes.Status405MethodNotAllowed);
        await DropPlaceholderAsync(context, before);
        var kept = await receiving.ReceiveAsync(context, new Arrival { Client = ClientOf(context), Job = Job, Entry = EntryOf(path, EntryType.File, ModifiedOf(context)) }, hash: "");
        context.Response.StatusCode = kept.Outcome switch
        {
            KeptOutcome.DeletedForGood => StatusCodes.Status410Gone,
            _ when before is not null => StatusCodes.Status204NoContent,
            _ => StatusCodes.Status201Created,
        };
    }

    public async Task MakeFolderAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        if (await FindAsync(context, path) is not null)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        await library.KeepAsync([new Arrival { Client = ClientOf(context), Job = Job, Entry = EntryOf(path, EntryType.Folder, Timestamp.From(time.GetUtcNow())) }], CancellationToken.None);
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    private async Task<DavNode?> FindAsync(HttpContext context, EntryPath path)
    {
        if (path.IsRoot)
            return DavNode.Folder(path);
        if (library.Uploaded(ClientOf(context), Job, path) is { } entry)
            return DavNode.Of(entry);
        // A folder that nobody made is there because something lies in it.
        var next = await library.NamesAsync(ClientOf(context), Job, path, context.RequestAborted);
        return next.Count > 0 && next[0].Path.IsAtOrUnder(path) ? DavNode.Folder(path) : null;
    }

    /// <summary>
    /// Some programs put an empty file first, to see whether they may. It must not keep the name from what follows; one that lay there
    /// before, or that somebody else was told of, is none of theirs.
    /// </summary>
    private async Task DropPlaceholderAsync(HttpContext context, Entry? before)
    {
        if (before is { Type: EntryType.File, Size: 0 } && context.Request.ContentLength is not 0 && fresh.FileOf(ClientOf(context), before.Path) is not null)
            await library.TakeBackAsync(fresh.NamesOf(ClientOf(context)), before.Path, context.RequestAborted);
    }

    private static Entry EntryOf(EntryPath path, EntryType type, Timestamp modified) => new()
    {
        Path = path,
        Type = type,
        Mode = type == EntryType.Folder ? FolderMode : FileMode,
        Modified = modified,
        UserId = Owners.CurrentUserId,
        GroupId = Owners.CurrentGroupId,
    };

    /// <summary>The file's own time, from programs that say it the way of ownCloud.</summary>
    private Timestamp ModifiedOf(HttpContext context)
    {
        if (context.Request.Headers["X-OC-Mtime"].ToString() is not { Length: > 0 } text)
            return Timestamp.From(time.GetUtcNow());
        context.Response.Headers["X-OC-Mtime"] = "accepted";
        return Timestamp.Parse(text);
    }

    private static string ClientOf(HttpContext context) => Gate.TokenOf(context).Name;
}
