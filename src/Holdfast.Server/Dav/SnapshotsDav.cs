using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Holdfast.Server.Dav;

/// <summary>
/// Snapshots for file managers: <c>JOB/SNAPSHOT/…</c>, to look and to copy from, over any target that lists and opens. <c>latest</c>
/// is the newest, and is not listed so that nobody copies it twice. Symlinks and special files, which WebDAV does not have, are
/// not seen.
/// </summary>
internal sealed class SnapshotsDav(SharedSnapshots shared)
{
    public const string Share = "/dav/snapshots";

    public Task OptionsAsync(HttpContext context) => DavRequest.OptionsAsync(context, "OPTIONS, PROPFIND, GET, HEAD");

    public async Task FindAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        if (Nodes(path, DavRequest.WantsChildren(context), context.RequestAborted) is { Count: > 0 } nodes)
            await DavRequest.AnswerAsync(context, Share, nodes);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public async Task GetAsync(HttpContext context)
    {
        var path = DavRequest.PathOf(context, Share);
        using var place = Open(path);
        if (place is null || Find(place, path) is not ({ } snapshot, var inside)
            || place.Entries(snapshot, inside, context.RequestAborted).FirstOrDefault() is not { Entry.Type: EntryType.File } found || found.Entry.Path != inside)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        // What somebody backed up is never a page of this server.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        var tag = found.Entry.Content is { } content ? new EntityTagHeaderValue($"\"{content}\"") : null;
        await Results.Stream(new ContentStream(place.Open(found)), "application/octet-stream", enableRangeProcessing: true, entityTag: tag, lastModified: found.Entry.Modified.ToDateTimeOffset()).ExecuteAsync(context);
    }

    private List<DavNode> Nodes(EntryPath path, bool withChildren, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
            return [DavNode.Folder(path), .. withChildren ? shared.Jobs().Select(j => DavNode.Folder(EntryPath.From(j))) : []];
        using var place = Open(path);
        if (place is null)
            return [];
        if (path.Parent.IsRoot)
            return [DavNode.Folder(path), .. withChildren ? place.Snapshots.Select(s => new DavNode(path.Child(Encoding.UTF8.GetBytes(s.Id)), IsFolder: true, 0, Timestamp.From(s.Time))) : []];
        return Find(place, path) is ({ } snapshot, var inside) ? Inside(place, snapshot, path, inside, withChildren, cancellationToken) : [];
    }

    /// <summary>What lies at a path of a snapshot, and what lies in it itself.</summary>
    private static List<DavNode> Inside(ISnapshots place, Snapshot snapshot, EntryPath path, EntryPath inside, bool withChildren, CancellationToken cancellationToken)
    {
        var nodes = new List<DavNode>();
        if (inside.IsRoot)
            nodes.Add(new DavNode(path, IsFolder: true, 0, Timestamp.From(snapshot.Time)));
        foreach (var (entry, _) in place.Entries(snapshot, inside, cancellationToken))
        {
            if (entry.Path == inside && !inside.IsRoot && entry.Type is EntryType.File or EntryType.Folder)
                nodes.Insert(0, DavNode.Of(entry) with { Path = path });
            else if (withChildren && entry.Path != inside && entry.Path.Parent == inside && entry.Type is EntryType.File or EntryType.Folder)
                nodes.Add(DavNode.Of(entry) with { Path = path.Child([.. entry.Path.Name]) });
            if (!withChildren && nodes.Count > 0)
                break;
        }
        return nodes;
    }

    private ISnapshots? Open(EntryPath path)
    {
        if (path.IsRoot)
            return null;
        var job = Encoding.UTF8.GetString(Split(path).First);
        return shared.Jobs().Contains(job, StringComparer.Ordinal) ? shared.Open(job) : null;
    }

    /// <summary>The snapshot of <c>JOB/SNAPSHOT/…</c>, and the path in it.</summary>
    private static (Snapshot? Snapshot, EntryPath Inside) Find(ISnapshots place, EntryPath path)
    {
        if (Split(path).Below is not { IsRoot: false } rest)
            return default;
        var (name, inside) = Split(rest);
        var id = Encoding.UTF8.GetString(name);
        return (id == "latest" ? place.Snapshots.LastOrDefault(s => !s.IsIncomplete) : place.Snapshots.FirstOrDefault(s => s.Id == id), inside);
    }

    private static (byte[] First, EntryPath Below) Split(EntryPath path)
    {
        var bytes = path.Bytes;
        var slash = bytes.IndexOf((byte)'/');
        return slash < 0 ? (bytes.ToArray(), EntryPath.Root) : (bytes[..slash].ToArray(), EntryPath.From(bytes[(slash + 1)..].ToArray()));
    }
}
