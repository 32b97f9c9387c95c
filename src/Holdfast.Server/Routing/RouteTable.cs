using Holdfast.Library.Http;
using Holdfast.Server.Access;
using Holdfast.Server.Dav;
using Holdfast.Server.Figures;
using Holdfast.Server.Restic;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Routing;

/// <summary>Everything the server answers to.</summary>
internal static class RouteTable
{
    private const string Below = "/{**path}", Json = "application/json", Bytes = "application/octet-stream", Text = "text/plain", Parts = Tus.PartType;

    private static readonly Parameter Path = new("path", "a path in the library, percent-encoded where it is no plain text", IsRequired: true);

    /// <summary>Requests that need no token: nothing of the library is in their answers.</summary>
    public static IEnumerable<Route> Open() =>
    [
        .. PageFiles.Paths.Select(path => new Route("GET", path, Needs: null, "the page for browsers", PageFiles.SendAsync) { Answer = "text/html" }),
        new("GET", "/health", Needs: null, "whether the server answers", context => LibraryApi.AnswerAsync(context, json => json.WriteString("status", "ok"))),
    ];

    /// <summary>Files under addresses of their own: the address itself is what opens them.</summary>
    public static IEnumerable<Route> Linking(LinkApi links) =>
    [
        new("POST", "/" + LinkApi.Links, Scope.Read, "an address for a file that a browser can play or save without the token", links.MakeAsync) { Body = Json },
        new("GET", "/" + LinkApi.Links + "/{id}", Needs: null, "the file that a link shows; ranges", context => links.SendAsync(context, Id(context))) { Answer = Bytes },
        new("HEAD", "/" + LinkApi.Links + "/{id}", Needs: null, "whether the link shows a file", context => links.SendAsync(context, Id(context))),
    ];

    public static IEnumerable<Route> Uploading(SimpleApi simple, PartsApi parts, LibraryApi api, VerifyApi verify) =>
    [
        new("POST", "/upload", Scope.Append, "stores a file once", simple.UploadAsync)
        {
            Query = [new("name", "where it is to lie", IsRequired: true), new("hash", "its MD5 or SHA-256"), new("mtime", "its time, seconds"), new("on_conflict", "'rename': a name that is taken gets a number")],
            Body = Bytes,
        },
        new("OPTIONS", "/" + Wire.Uploads, Scope.Read, "what uploads in parts can do (tus 1.0)", parts.OptionsAsync),
        new("OPTIONS", "/" + Wire.Uploads + "/{id}", Scope.Read, "the same", parts.OptionsAsync),
        new("POST", "/" + Wire.Uploads + "/{id}", Scope.Append, "HEAD, PATCH or DELETE, as the header X-HTTP-Method-Override says", context => parts.OverriddenAsync(context, Id(context))) { IsAudited = false, Body = Parts },
        new("POST", "/" + Wire.Uploads, Scope.Append, "begins an upload in parts (tus 1.0)", parts.CreateAsync) { IsAudited = false, Body = Parts },
        new("HEAD", "/" + Wire.Uploads + "/{id}", Scope.Append, "how much of an upload is there", context => parts.HeadAsync(context, Id(context))) { IsAudited = false },
        new("PATCH", "/" + Wire.Uploads + "/{id}", Scope.Append, "adds a part to an upload", context => parts.PatchAsync(context, Id(context))) { IsAudited = false, Body = Parts },
        new("DELETE", "/" + Wire.Uploads + "/{id}", Scope.Append, "drops an upload", context => parts.DeleteAsync(context, Id(context))) { IsAudited = false },
        new("POST", "/" + Wire.Missing, Scope.Read, "which of up to 10,000 contents are missing", api.MissingAsync) { Body = Json },
        new("POST", "/" + Wire.Verify, Scope.Read, "reads contents back from the disk, as far as that was not done since they came", verify.VerifyAsync) { Body = Json },
        new("POST", "/" + Wire.Names, Scope.Append, "gives uploads and names their place", api.KeepAsync) { Body = Json },
    ];

    public static IEnumerable<Route> Reading(LibraryApi api, ListingApi listing, FiguresApi figures) =>
    [
        new("GET", "/" + Wire.Info, Scope.Read, "which library this is", api.InfoAsync),
        new("GET", "/" + Wire.Names, Scope.Read, "what a client's job brought, a page", api.NamesAsync) { Query = [new("client", "whose", IsRequired: true), new("job", "of which job", IsRequired: true), new("after", "the last path of the page before")] },
        new("GET", "/" + Wire.Entries, Scope.Read, "what lies in the library, a page", listing.EntriesAsync) { Query = [new("under", "at or below this path"), new("after", "where the page before ended"), new("children", "'1': only the folder itself"), new("q", "only paths with this text"), new("unknown", "'1': also files on a disk that is not mounted now, without a hash")] },
        new("GET", "/" + Wire.Clients, Scope.Read, "who uploaded anything", listing.ClientsAsync),
        new("GET", "/" + Wire.Files, Scope.Read, "a file by its path", listing.FileAsync) { Query = [Path], Answer = Bytes },
        new("HEAD", "/" + Wire.Files, Scope.Read, "whether a file is there", listing.FileAsync) { Query = [Path] },
        new("GET", "/" + Wire.Contents + "/{id}", Scope.Read, "a content by its SHA-256", context => api.ContentAsync(context, Id(context))) { Query = [new("fresh", "'1': from the disk, not from memory")], Answer = Bytes },
        new("HEAD", "/" + Wire.Contents + "/{id}", Scope.Read, "whether a content is there", context => api.ContentAsync(context, Id(context))),
        new("GET", "/api/v1/statistics", Scope.Read, "counts", figures.StatisticsAsync),
        new("GET", "/api/v1/jobs", Scope.Read, "how the jobs stand that run beside the server", figures.JobsAsync),
        new("GET", "/metrics", Scope.Read, "counts for Prometheus", figures.MetricsAsync) { Answer = Text },
    ];

    public static IEnumerable<Route> Tending(ScanApi scan, SortingApi sorting) =>
    [
        new("POST", "/" + Wire.Scan, Scope.Append, "looks what people did to the files", scan.ReportAsync) { Query = [Brake] },
        new("POST", "/" + Wire.ScanEvents, Scope.Append, "the same with events on the way", scan.EventsAsync) { Query = [Brake, new("quiet", "'1': only the end")], Answer = "text/event-stream" },
        new("POST", "/api/v1/move", Scope.Full, "moves a file or a folder; replaces nothing", sorting.MoveAsync) { Body = Json },
        new("DELETE", "/" + Wire.Files, Scope.Full, "removes a file or an empty folder", sorting.RemoveAsync)
        {
            Query = [Path, new("hash", "only when it holds this SHA-256"), new("for_good", "'1' or '0': whether its contents are unwanted from now on; without it, as the library does")],
        },
        new("GET", "/api/v1/deleted", Scope.Read, "what was deleted for good", sorting.DeletedAsync),
        new("POST", "/api/v1/undelete", Scope.Full, "lets contents come back", sorting.UndeleteAsync) { Body = Json },
    ];

    /// <summary>What clients in <c>mode: sync</c> and copies of the library ask for.</summary>
    public static IEnumerable<Route> Syncing(SyncApi sync, RecordApi record) =>
    [
        new("POST", "/" + SyncWire.Changes, Scope.Full, "puts, moves and removes files, each only when its path holds what the client thinks", sync.ChangeAsync) { Body = Json },
        new("GET", "/" + SyncWire.Marks + "/{id}", Scope.Read, "the mark of a folder's last sync", context => sync.MarkAsync(context, Id(context))) { Answer = Text },
        new("PUT", "/" + SyncWire.Marks + "/{id}", Scope.Full, "leaves the mark of a sync", context => sync.SealAsync(context, Id(context))) { IsAudited = false, Body = Json },
        new("GET", "/" + SyncWire.Record + "/{id}", Scope.Read, "a file of the record: 'names' or 'log'", context => record.GetAsync(context, Id(context))) { Answer = Bytes },
        new("HEAD", "/" + SyncWire.Record + "/{id}", Scope.Read, "whether a file of the record is there", context => record.GetAsync(context, Id(context))),
        new("PUT", "/" + SyncWire.Record + "/{id}", Scope.Full, "puts another library's record in its place: this one becomes a copy", context => record.PutAsync(context, Id(context))) { Body = Bytes },
    ];

    /// <summary>restic's REST protocol, version 2 (https://restic.readthedocs.io/en/stable/REST_backend.html).</summary>
    public static IEnumerable<Route> Repositories(ResticApi restic)
    {
        Route[] routes =
        [
            new("POST", "/restic/{repository}", Scope.Append, "makes a restic repository", restic.CreateAsync) { Query = [new("create", "'true'", IsRequired: true)] },
            new("HEAD", "/restic/{repository}/config", Scope.Read, "whether there is a repository", restic.HeadAsync),
            new("GET", "/restic/{repository}/config", Scope.Read, "a repository's config", restic.GetAsync) { Answer = Bytes },
            new("POST", "/restic/{repository}/config", Scope.Append, "writes the config, once", restic.PutAsync) { Body = Bytes },
            new("DELETE", "/restic/{repository}/config", Scope.Full, "removes the config", restic.RemoveAsync),
            new("GET", "/restic/{repository}/{type}", Scope.Read, "lists files of a repository", restic.ListAsync),
            new("HEAD", "/restic/{repository}/{type}/{id}", Scope.Read, "the size of a file", restic.HeadAsync),
            new("GET", "/restic/{repository}/{type}/{id}", Scope.Read, "a file, or a range of it", restic.GetAsync) { Answer = Bytes },
            new("POST", "/restic/{repository}/{type}/{id}", Scope.Append, "adds a file under the SHA-256 of its bytes", restic.PutAsync) { Body = Bytes },
            new("DELETE", "/restic/{repository}/locks/{id}", Scope.Append, "removes a lock", restic.RemoveAsync),
            new("DELETE", "/restic/{repository}/{type}/{id}", Scope.Full, "removes a file", restic.RemoveAsync),
        ];
        return routes.Select(r => r with { TakesPassword = true });
    }

    /// <summary>WebDAV, class 1 (RFC 4918).</summary>
    public static IEnumerable<Route> Shares(LibraryDav library, InboxDav inbox, InboxChanges changes, SnapshotsDav snapshots)
    {
        Route[] routes =
        [
            new("OPTIONS", LibraryDav.Share + Below, Scope.Read, "what WebDAV can do with the library", library.OptionsAsync),
            new("PROPFIND", LibraryDav.Share + Below, Scope.Read, "lists the library", library.FindAsync),
            new("GET", LibraryDav.Share + Below, Scope.Read, "a file of the library", library.GetAsync) { Answer = Bytes },
            new("HEAD", LibraryDav.Share + Below, Scope.Read, "whether a file is there", library.GetAsync),
            new("OPTIONS", InboxDav.Share + Below, Scope.Read, "what WebDAV can do with the inbox", inbox.OptionsAsync),
            new("PROPFIND", InboxDav.Share + Below, Scope.Read, "lists what this token put into the inbox", inbox.FindAsync),
            new("GET", InboxDav.Share + Below, Scope.Read, "a file this token put there", inbox.GetAsync) { Answer = Bytes },
            new("HEAD", InboxDav.Share + Below, Scope.Read, "whether a file is there", inbox.GetAsync),
            new("PUT", InboxDav.Share + Below, Scope.Append, "stores a file once", inbox.PutAsync) { Body = Bytes },
            new("MKCOL", InboxDav.Share + Below, Scope.Append, "makes a folder", inbox.MakeFolderAsync),
            new("MOVE", InboxDav.Share + Below, Scope.Append, "gives what this token put there another name", changes.MoveAsync),
            new("DELETE", InboxDav.Share + Below, Scope.Append, "takes back what this token put there", changes.RemoveAsync),
            // Other places than the library: whoever may only use that must not read them.
            new("OPTIONS", SnapshotsDav.Share + Below, Scope.Full, "what WebDAV can do with snapshots", snapshots.OptionsAsync) { IsAudited = false },
            new("PROPFIND", SnapshotsDav.Share + Below, Scope.Full, "lists jobs, snapshots and what is in them", snapshots.FindAsync) { IsAudited = false },
            new("GET", SnapshotsDav.Share + Below, Scope.Full, "a file of a snapshot", snapshots.GetAsync) { IsAudited = false, Answer = Bytes },
            new("HEAD", SnapshotsDav.Share + Below, Scope.Full, "whether a file is there", snapshots.GetAsync) { IsAudited = false },
        ];
        return routes.Select(r => r with { TakesPassword = true });
    }

    private static Parameter Brake => new("allow_deletions", "'1': however many files are gone; needs the scope 'full'");

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
