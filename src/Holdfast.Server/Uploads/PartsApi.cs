using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>Uploads in parts by the tus 1.0 protocol (https://tus.io/protocols/resumable-upload): core, creation, checksum, termination.</summary>
internal sealed class PartsApi(UploadTable uploads)
{
    private const int MostChecked = 16 << 20, ChecksumMismatch = 460;

    public async Task CreateAsync(HttpContext context)
    {
        Tus(context);
        if (await uploads.BeginAsync(Gate.TokenOf(context).Name, context.RequestAborted) is not { } upload)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/{LibraryApi.Uploads}/{upload.Id}";
    }

    public Task HeadAsync(HttpContext context, string id) => WithAsync(context, id, upload =>
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Upload-Offset"] = upload.Offset.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    });

    public Task PatchAsync(HttpContext context, string id) => WithAsync(context, id, async upload =>
    {
        if (!long.TryParse(context.Request.Headers["Upload-Offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (offset != upload.Offset)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            return;
        }
        context.Response.StatusCode = context.Request.Headers.TryGetValue("Upload-Checksum", out var checksum)
            ? await CheckedAsync(context, upload, checksum.ToString())
            : await StreamedAsync(context, upload);
        context.Response.Headers["Upload-Offset"] = upload.Offset.ToString(CultureInfo.InvariantCulture);
    });

    public Task DeleteAsync(HttpContext context, string id) => WithAsync(context, id, async upload =>
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        await uploads.EndAsync(upload);
    });

    private async Task WithAsync(HttpContext context, string id, Func<Upload, Task> work)
    {
        Tus(context);
        if (uploads.Find(id, Gate.TokenOf(context).Name) is not { } upload)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await upload.Turn.WaitAsync(context.RequestAborted);
        try
        {
            await work(upload);
        }
        finally
        {
            TryRelease(upload.Turn);
        }
    }

    private static void TryRelease(SemaphoreSlim turn)
    {
        try
        {
            turn.Release();
        }
        catch (ObjectDisposedException)
        {
            // The upload was ended by this request.
        }
    }

    /// <summary>A part with a checksum counts as a whole or not at all, so it is held in memory; it has a limit.</summary>
    private static async Task<int> CheckedAsync(HttpContext context, Upload upload, string checksum)
    {
        if (checksum.Split(' ') is not ["sha256", var expected])
            return StatusCodes.Status400BadRequest;
        if (context.Request.ContentLength is not { } length || length > MostChecked)
            return StatusCodes.Status413PayloadTooLarge;
        var part = new byte[length];
        await context.Request.Body.ReadExactlyAsync(part, context.RequestAborted);
        if (Convert.ToBase64String(SHA256.HashData(part)) != expected)
            return ChecksumMismatch;
        await upload.WriteAsync(part, context.RequestAborted);
        return StatusCodes.Status204NoContent;
    }

    /// <summary>What arrived before a connection breaks stays; the client asks where to go on.</summary>
    private static async Task<int> StreamedAsync(HttpContext context, Upload upload)
    {
        var buffer = new byte[256 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var got and > 0)
            await upload.WriteAsync(buffer.AsMemory(0, got), CancellationToken.None);
        return StatusCodes.Status204NoContent;
    }

    private static void Tus(HttpContext context) => context.Response.Headers["Tus-Resumable"] = "1.0.0";
}
