using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Syncing;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>The library's record, for a copy of it, and a copy's record that comes from the library it is a copy of.</summary>
internal sealed class RecordApi(LibraryFolder library)
{
    public async Task GetAsync(HttpContext context, string name)
    {
        if (SyncWire.RecordOf(name) is not { } file || await library.OpenRecordAsync(file, context.RequestAborted) is not { } reader)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await Results.Stream(new ContentStream(reader), "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>All of it arrives before anything of it counts; a body without bytes is none.</summary>
    public async Task PutAsync(HttpContext context, string name)
    {
        if (SyncWire.RecordOf(name) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await using var staged = await library.ReceiveAsync(new Entry { Path = EntryPath.From("record"), Type = EntryType.File, Mode = 0x1a4 }, context.RequestAborted);
        var (buffer, size) = (new byte[256 * 1024], 0L);
        for (int got; (got = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; size += got)
            await staged.WriteAsync(size, buffer.AsMemory(0, got), context.RequestAborted);
        await staged.CompleteAsync(new Entry { Path = EntryPath.From("record"), Type = EntryType.File, Size = size, Mode = 0x1a4 }, context.RequestAborted);
        using var bytes = size == 0 ? null : library.OpenStaged(staged);
        await library.ReplaceRecordAsync(file, bytes, CancellationToken.None);
        await LibraryApi.AnswerAsync(context, json => json.WriteNumber("bytes", size));
    }
}
