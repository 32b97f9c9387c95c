using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Server.Access;
using Holdfast.Server.Dav;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Server;

/// <summary>The API that Holdfast's own clients use (docs/http-api.md).</summary>
internal sealed class LibraryApi(LibraryFolder library, UploadTable uploads, FreshPuts fresh, NameOwners owners)
{
    public const string Uploads = Wire.Uploads;

    // Ten thousand hashes are 670 kB.
    internal const int MostBodyOfHashes = 2 << 20;

    private const int MostArrivals = 1000, MostBody = 64 << 20;

    public Task InfoAsync(HttpContext context) => AnswerAsync(context, json =>
    {
        json.WriteString("id", library.Id);
        json.WriteNumber("time_resolution", library.TimeResolution);
        json.WriteString("deleted", library.RemembersDeleted ? "remember" : "forget");
        json.WriteNumber("files", library.FileCount);
        json.WriteString("machine", ThisMachine.Id);
        json.WriteString("token", Gate.TokenOf(context).Name);
        json.WriteString("scope", Gate.TokenOf(context).Scope.ToString().ToLowerInvariant());
    });

    public async Task MissingAsync(HttpContext context)
    {
        using var body = await BodyAsync(context, MostBodyOfHashes);
        var hashes = body.RootElement.GetProperty("hashes").EnumerateArray().Select(h => ContentId.Parse(h.GetString())).ToList();
        if (hashes.Count > Wire.MostHashes)
            throw new BadHttpRequestException($"at most {Wire.MostHashes} hashes at once", StatusCodes.Status413PayloadTooLarge);
        uploads.NoteUse();
        await RelyOnAsync(hashes, context.RequestAborted);
        var answers = await library.AskAsync(hashes, context.RequestAborted);
        var where = body.RootElement.TryGetProperty("where", out var asked) && asked.GetBoolean();
        await AnswerAsync(context, json =>
        {
            Put("missing", PresenceKind.Missing);
            Put("deleted", PresenceKind.DeletedForGood);
            if (where)
                PutHeld();

            void PutHeld()
            {
                json.WriteStartArray("held");
                for (var i = 0; i < hashes.Count; i++)
                    if (answers[i] is { Kind: PresenceKind.Held, Path: { } path } && library.FileAt(path) is { } stat)
                        Wire.Put(json, new HeldFile(hashes[i], path, stat));
                json.WriteEndArray();
            }

            void Put(string name, PresenceKind kind)
            {
                json.WriteStartArray(name);
                for (var i = 0; i < hashes.Count; i++)
                    if (answers[i].Kind == kind)
                        json.WriteStringValue(hashes[i].ToString());
                json.WriteEndArray();
            }
        });
    }

    public async Task NamesAsync(HttpContext context)
    {
        var query = context.Request.Query;
        EntryPath? after = query["after"].ToString() is { Length: > 0 } text ? Wire.PathOf(text) : null;
        var names = await library.NamesAsync(query["client"].ToString(), query["job"].ToString(), after, context.RequestAborted);
        await AnswerAsync(context, json =>
        {
            json.WriteStartArray("names");
            foreach (var entry in names)
                Wire.Put(json, entry);
            json.WriteEndArray();
        });
    }

    public async Task KeepAsync(HttpContext context)
    {
        using var body = await BodyAsync(context);
        var arrivals = new List<Arrival>();
        var ended = new Dictionary<Upload, UploadTurn.Held>();
        try
        {
            foreach (var json in body.RootElement.GetProperty("arrivals").EnumerateArray())
            {
                if (arrivals.Count == MostArrivals)
                    throw new BadHttpRequestException($"at most {MostArrivals} names at once", StatusCodes.Status413PayloadTooLarge);
                arrivals.Add(await ArrivalAsync(context, json, ended));
            }
            var kept = await library.KeepAsync(arrivals, CancellationToken.None);
            for (var i = 0; i < kept.Count; i++)
                uploads.Kept(Gate.TokenOf(context), arrivals[i].Entry, kept[i]);
            await AnswerAsync(context, json =>
            {
                json.WriteStartArray("kept");
                foreach (var one in kept)
                    Put(json, one);
                json.WriteEndArray();
            });
        }
        finally
        {
            foreach (var (upload, turn) in ended)
            {
                await uploads.EndAsync(upload);
                turn.Dispose();
            }
        }
    }

    public async Task ContentAsync(HttpContext context, string hash)
    {
        var content = ContentId.Parse(hash);
        await RelyOnAsync([content], context.RequestAborted);
        if (await library.OpenAsync(content, context.RequestAborted) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        // Who wants to know what the disk holds, not what memory remembers of it, says so.
        if (context.Request.Query["fresh"] == "1")
            file.Advise(ReadAdvice.Forget);
        // The stream owns the file; ranges and HEAD are the framework's.
        await Results.Stream(new ContentStream(file), "application/octet-stream", enableRangeProcessing: true, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{hash}\"")).ExecuteAsync(context);
    }

    /// <summary>Invariant: what somebody is told to be here does not go because somebody else takes a name back.</summary>
    private async Task RelyOnAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken)
    {
        if (fresh.RelyOn(contents))
            await library.SettledAsync(cancellationToken);
    }

    private async Task<Arrival> ArrivalAsync(HttpContext context, JsonElement json, Dictionary<Upload, UploadTurn.Held> ended)
    {
        var entry = Wire.EntryOf(json.GetProperty("entry"));
        var client = Required(json, "client");
        owners.Require(Gate.TokenOf(context), client);
        var upload = json.TryGetProperty("upload", out var id) ? await uploads.FindAsync(id.GetString()!, Gate.TokenOf(context).Name) : null;
        IStagedContent? staged = null;
        if (upload is not null)
        {
            // Nothing may be added to it from here on.
            if (!ended.ContainsKey(upload))
                ended[upload] = await upload.Turn.TakeAsync(context.RequestAborted);
            // Invariant: what is kept is what the client says it sent, to the last bit.
            if (upload.Content != entry.Content || upload.Offset != entry.Size)
                throw new BadHttpRequestException($"the bytes of '{entry.Path}' do not have the hash that was said", StatusCodes.Status422UnprocessableEntity);
            staged = await upload.CompleteAsync(entry, context.RequestAborted);
        }
        return new Arrival
        {
            Client = client,
            Job = Required(json, "job"),
            Entry = entry,
            Staged = staged,
            Wanted = json.TryGetProperty("wanted", out var wanted) && Wire.PathOf(wanted.GetString()!) is { IsRoot: false } path ? path : null,
            IsRefresh = json.TryGetProperty("refresh", out var refresh) && refresh.GetBoolean(),
        };
    }

    private static string Required(JsonElement json, string name) =>
        json.GetProperty(name).GetString() is { Length: > 0 and <= 255 } text ? text : throw new BadHttpRequestException($"'{name}' is missing");

    private static void Put(Utf8JsonWriter json, Kept kept)
    {
        json.WriteStartObject();
        json.WriteString("outcome", Wire.Word(kept.Outcome));
        if (kept.Path is { } path)
            json.WriteString("path", Wire.Text(path));
        json.WriteEndObject();
    }

    internal static async Task<JsonDocument> BodyAsync(HttpContext context, long most = MostBody)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
        return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
    }

    internal static Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Wire.Write(members), context.RequestAborted).AsTask();
    }
}
