using System.Text;
using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Syncing;
using Holdfast.Server.Access;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>What clients in <c>mode: sync</c> change, path by path.</summary>
internal sealed class SyncApi(LibraryFolder library, UploadTable uploads)
{
    public async Task ChangeAsync(HttpContext context)
    {
        using var body = await LibraryApi.BodyAsync(context);
        var steps = new List<SyncStep>();
        var ended = new Dictionary<Upload, UploadTurn.Held>();
        try
        {
            foreach (var json in body.RootElement.GetProperty("steps").EnumerateArray())
            {
                if (steps.Count == SyncWire.MostSteps)
                    throw new BadHttpRequestException($"at most {SyncWire.MostSteps} steps at once", StatusCodes.Status413PayloadTooLarge);
                steps.Add(await SyncWire.StepOfAsync(json, (id, entry) => StagedAsync(context, id, entry, ended)));
            }
            var outcomes = await library.ChangeAsync(steps, CancellationToken.None);
            for (var i = 0; i < outcomes.Count; i++)
                if (outcomes[i] == StepOutcome.Done && steps[i] is { Entry: { } entry, Staged: not null })
                    uploads.Kept(Gate.TokenOf(context), entry, new Kept(KeptOutcome.Stored, steps[i].Path));
            await LibraryApi.AnswerAsync(context, json =>
            {
                json.WriteStartArray("outcomes");
                foreach (var outcome in outcomes)
                    json.WriteStringValue(SyncWire.Word(outcome));
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

    public async Task MarkAsync(HttpContext context, string folder)
    {
        if (await library.MarkAsync(Required(folder), context.RequestAborted) is not { } mark)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/plain";
        await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(mark + "\n"), context.RequestAborted);
    }

    public async Task SealAsync(HttpContext context, string folder)
    {
        using var body = await LibraryApi.BodyAsync(context);
        await library.SealAsync(Required(folder), Required(body.RootElement.GetProperty("mark").GetString()), CancellationToken.None);
        await LibraryApi.AnswerAsync(context, json => json.WriteString("folder", folder));
    }

    private async Task<IStagedContent?> StagedAsync(HttpContext context, string id, Entry entry, Dictionary<Upload, UploadTurn.Held> ended)
    {
        if (await uploads.FindAsync(id, Gate.TokenOf(context).Name) is not { } upload)
            return null;
        // Nothing may be added to it from here on.
        if (!ended.ContainsKey(upload))
            ended[upload] = await upload.Turn.TakeAsync(context.RequestAborted);
        // Invariant: what is kept is what the client says it sent, to the last bit.
        if (upload.Content != entry.Content || upload.Offset != entry.Size)
            throw new BadHttpRequestException($"the bytes of '{entry.Path}' do not have the hash that was said", StatusCodes.Status422UnprocessableEntity);
        return await upload.CompleteAsync(entry, context.RequestAborted);
    }

    private static string Required(string? name) => SyncMark.IsName(name) ? name! : throw new BadHttpRequestException("a folder and a mark have 32 hexadecimal digits");
}
