using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>Takes the body of a request into the library: hashed on the way, kept as a whole or not at all.</summary>
/// <param name="library">The library.</param>
/// <param name="uploads">What is under way.</param>
/// <param name="largest">Bytes that a file may have; null for any.</param>
/// <param name="time">The clock.</param>
internal sealed class Receiving(LibraryFolder library, UploadTable uploads, long? largest, TimeProvider time)
{
    public const int Sha256Digits = 64, Md5Digits = 32;

    private const int FileMode = 0x1a4;

    /// <summary>What an upload is to become whose client says nothing but a name and perhaps a time.</summary>
    public Arrival ArrivalOf(Token token, EntryPath name, Timestamp? modified) => new()
    {
        Client = token.Name,
        Job = "upload",
        Entry = new Entry { Path = name, Type = EntryType.File, Mode = FileMode, Modified = modified ?? Timestamp.From(time.GetUtcNow()), UserId = Owners.CurrentUserId, GroupId = Owners.CurrentGroupId },
    };

    /// <param name="context">The request.</param>
    /// <param name="arrival">What is to become of it, without size and content.</param>
    /// <param name="hash">The MD5 or SHA-256 it must have, in lower-case hexadecimal; empty for any.</param>
    public async Task<Kept> ReceiveAsync(HttpContext context, Arrival arrival, string hash)
    {
        var token = Gate.TokenOf(context);
        RequireSize(context.Request.ContentLength);
        var upload = await uploads.BeginAsync(token, UploadMetadata.None, context.Request.ContentLength, inParts: false, context.RequestAborted) ?? throw new BadHttpRequestException("too many uploads at once", StatusCodes.Status429TooManyRequests);
        try
        {
            using var md5 = hash.Length == Md5Digits ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
            var buffer = new byte[256 * 1024];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var got and > 0)
            {
                md5?.AppendData(buffer, 0, got);
                RequireSize(upload.Offset + got);
                uploads.RequireRoom(token, got);
                await upload.WriteAsync(buffer.AsMemory(0, got), context.RequestAborted);
            }
            if ((md5 is not null && Convert.ToHexStringLower(md5.GetHashAndReset()) != hash) || (hash.Length == Sha256Digits && upload.Content.ToString() != hash))
                throw new BadHttpRequestException(Hint(context), StatusCodes.Status422UnprocessableEntity);
            return await KeepAsync(token, upload, arrival);
        }
        finally
        {
            await uploads.EndAsync(upload);
        }
    }

    /// <summary>Gives an upload that is whole its place, durably.</summary>
    public async Task<Kept> KeepAsync(Token token, Upload upload, Arrival arrival)
    {
        var entry = arrival.Entry with { Size = upload.Offset, Content = upload.Content };
        // Nothing ends this: a client that hangs up now may have been told already.
        var staged = await upload.CompleteAsync(entry, CancellationToken.None);
        var kept = (await library.KeepAsync([arrival with { Entry = entry, Staged = staged }], CancellationToken.None))[0];
        uploads.Kept(token, entry, kept);
        return kept;
    }

    private void RequireSize(long? bytes)
    {
        if (bytes > largest)
            throw new BadHttpRequestException($"this server takes files of at most {largest} bytes", StatusCodes.Status413PayloadTooLarge);
    }

    private static string Hint(HttpContext context) =>
        "the body does not have that hash; nothing was kept"
        + (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true ? " (send it with --data-binary: curl's --data drops line ends)" : "");
}
