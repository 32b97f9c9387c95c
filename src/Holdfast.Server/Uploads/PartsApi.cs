using System.Buffers;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>
/// Uploads in parts by the tus 1.0 protocol: core, creation (also with the first part), expiration, checksum, termination. One that says its name and its
/// length lies in the library with its last byte; any other waits for <c>POST /api/v1/names</c>.
/// </summary>
internal sealed class PartsApi(UploadTable uploads, Receiving receiving, long? largest)
{
    public Task OptionsAsync(HttpContext context) => Tus.OptionsAsync(context, largest);

    public async Task CreateAsync(HttpContext context)
    {
        if (!Tus.Speaks(context))
            return;
        var length = Tus.Number(context, "Upload-Length");
        if (length is null != (context.Request.Headers["Upload-Defer-Length"] == "1"))
            throw new BadHttpRequestException("an upload has a header Upload-Length, or Upload-Defer-Length: 1");
        RequireFits(length);
        var metadata = UploadMetadata.Parse(context.Request.Headers["Upload-Metadata"].ToString());
        if (await uploads.BeginAsync(Gate.TokenOf(context), metadata, length, inParts: true, context.RequestAborted) is not { } upload)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        if (!await TryBeginAsync(context, upload))
            return;
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/{LibraryApi.Uploads}/{upload.Id}";
        Tus.Tell(context, upload);
    }

    public Task HeadAsync(HttpContext context, string id) => WithAsync(context, id, (upload, _) =>
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers[upload.Length is null ? "Upload-Defer-Length" : "Upload-Length"] = upload.Length is { } length ? Tus.Text(length) : "1";
        if (upload.Metadata.Header is { Length: > 0 } metadata)
            headers["Upload-Metadata"] = metadata;
        Tus.Tell(context, upload);
        return Task.CompletedTask;
    });

    public Task PatchAsync(HttpContext context, string id) => WithAsync(context, id, async (upload, cancellationToken) =>
    {
        if (context.Request.ContentType != Tus.PartType)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        var offset = Tus.Number(context, "Upload-Offset") ?? throw new BadHttpRequestException("Upload-Offset is missing");
        SetLength(upload, Tus.Number(context, "Upload-Length"));
        context.Response.StatusCode = offset != upload.Offset ? StatusCodes.Status409Conflict : await TakeAsync(context, upload, cancellationToken);
        if (context.Response.StatusCode == StatusCodes.Status204NoContent)
            await FinishAsync(context, upload);
        Tus.Tell(context, upload);
    });

    public Task DeleteAsync(HttpContext context, string id) => WithAsync(context, id, async (upload, _) =>
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        await uploads.EndAsync(upload);
    });

    /// <summary>For clients that cannot send PATCH and DELETE.</summary>
    public Task OverriddenAsync(HttpContext context, string id)
    {
        switch (context.Request.Headers[Tus.MethodOverride].ToString())
        {
            case "PATCH":
                return PatchAsync(context, id);
            case "DELETE":
                return DeleteAsync(context, id);
            case "HEAD":
                return HeadAsync(context, id);
            default:
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return Task.CompletedTask;
        }
    }

    /// <summary>
    /// Takes what came with the request that begins an upload. Nobody knows its address yet, so what breaks off here is dropped.
    /// False when it is refused and answered.
    /// </summary>
    private async Task<bool> TryBeginAsync(HttpContext context, Upload upload)
    {
        var isBegun = false;
        try
        {
            var status = context.Request.ContentType == Tus.PartType ? await TakeAsync(context, upload, context.RequestAborted) : StatusCodes.Status204NoContent;
            isBegun = status == StatusCodes.Status204NoContent;
            if (isBegun)
                await FinishAsync(context, upload);
            if (isBegun)
                upload.IsKnown = true;
            else
                context.Response.StatusCode = status;
            return isBegun;
        }
        catch
        {
            isBegun = false;
            throw;
        }
        finally
        {
            upload.Rest();
            if (!isBegun)
                await uploads.EndAsync(upload);
        }
    }

    private async Task WithAsync(HttpContext context, string id, Func<Upload, CancellationToken, Task> work)
    {
        if (!Tus.Speaks(context))
            return;
        if (await uploads.FindAsync(id, Gate.TokenOf(context).Name) is not { } upload)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        try
        {
            using var turn = await upload.Turn.TakeAsync(context.RequestAborted);
            try
            {
                await work(upload, turn.Token);
            }
            finally
            {
                upload.Rest();
            }
        }
        catch (ObjectDisposedException)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound; // Another request ended it.
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict; // Its client has gone on elsewhere.
        }
    }

    private void SetLength(Upload upload, long? length)
    {
        if (length is null || length == upload.Length)
            return;
        if (upload.Length is not null || length < upload.Offset)
            throw new BadHttpRequestException("Upload-Length does not change once it is known");
        RequireFits(length);
        upload.Length = length;
    }

    private void RequireFits(long? length)
    {
        if (length > largest)
            throw new BadHttpRequestException($"this server takes files of at most {largest} bytes", StatusCodes.Status413PayloadTooLarge);
    }

    private async Task<int> TakeAsync(HttpContext context, Upload upload, CancellationToken cancellationToken)
    {
        // A finished one has let go of its bytes.
        if (upload.Kept is not null)
            return context.Request.ContentLength is 0 ? StatusCodes.Status204NoContent : StatusCodes.Status413PayloadTooLarge;
        if (context.Request.ContentLength > (upload.Length ?? long.MaxValue) - upload.Offset)
            return StatusCodes.Status413PayloadTooLarge;
        if (Tus.Checksum(context) is not var (hash, expected))
            return await StreamAsync(context, upload, _ => upload.NoteOnTheWay(), cancellationToken) ? StatusCodes.Status204NoContent : StatusCodes.Status413PayloadTooLarge;
        using (hash)
        {
            // A part that has a checksum counts as a whole or not at all.
            var fits = true;
            return await upload.AllOrNothingAsync(async () =>
                (fits = await StreamAsync(context, upload, bytes => hash.AppendData(bytes.Span), cancellationToken)) && hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
                ? StatusCodes.Status204NoContent
                : fits ? Tus.ChecksumMismatch : StatusCodes.Status413PayloadTooLarge;
        }
    }

    /// <summary>What arrived before a connection breaks stays; the client asks where to go on. False when there is more than there may be.</summary>
    private async Task<bool> StreamAsync(HttpContext context, Upload upload, Action<ReadOnlyMemory<byte>> seen, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, cancellationToken) is var got and > 0)
            {
                if (got > (upload.Length ?? largest ?? long.MaxValue) - upload.Offset)
                    return false;
                uploads.RequireRoom(Gate.TokenOf(context), got);
                await upload.WriteAsync(buffer.AsMemory(0, got), CancellationToken.None);
                seen(buffer.AsMemory(0, got));
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task FinishAsync(HttpContext context, Upload upload)
    {
        if (upload is not { IsWhole: true, Kept: null })
            return;
        if (upload.Metadata.Name is { } said)
            AuditLog.Mention(context, said);
        if (upload.Metadata.Content is { } expected && expected != upload.Content)
        {
            await uploads.EndAsync(upload);
            throw new BadHttpRequestException("the upload does not have the SHA-256 that was said; nothing was kept", StatusCodes.Status422UnprocessableEntity);
        }
        var token = Gate.TokenOf(context);
        if (upload.Metadata.Name is not { } name)
            return;
        var kept = await receiving.KeepAsync(token, upload, receiving.ArrivalOf(token, name, upload.Metadata.Modified));
        if (kept.Outcome == KeptOutcome.DeletedForGood)
        {
            await uploads.EndAsync(upload);
            throw new BadHttpRequestException("this content was deleted for good", StatusCodes.Status410Gone);
        }
        if (kept.Outcome is not (KeptOutcome.Stored or KeptOutcome.AlreadyThere))
        {
            // An attempt before this one used the bytes up and failed behind that: its client begins anew.
            await uploads.EndAsync(upload);
            throw new BadHttpRequestException("it could not be kept; it is to be sent once more", StatusCodes.Status409Conflict);
        }
        upload.Kept = kept;
        await uploads.FinishedAsync(upload);
    }
}
