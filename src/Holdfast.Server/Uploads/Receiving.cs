using System.Security.Cryptography;
using Holdfast.Library;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>Takes the body of a request into the library: hashed on the way, kept as a whole or not at all.</summary>
internal sealed class Receiving(LibraryFolder library, UploadTable uploads)
{
    public const int Sha256Digits = 64, Md5Digits = 32;

    /// <param name="context">The request.</param>
    /// <param name="arrival">What is to become of it, without size and content.</param>
    /// <param name="hash">The MD5 or SHA-256 it must have, in lower-case hexadecimal; empty for any.</param>
    public async Task<Kept> ReceiveAsync(HttpContext context, Arrival arrival, string hash)
    {
        var upload = await uploads.BeginAsync(arrival.Client, context.RequestAborted) ?? throw new BadHttpRequestException("too many uploads at once", StatusCodes.Status429TooManyRequests);
        try
        {
            using var md5 = hash.Length == Md5Digits ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
            var buffer = new byte[256 * 1024];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var got and > 0)
            {
                md5?.AppendData(buffer, 0, got);
                await upload.WriteAsync(buffer.AsMemory(0, got), context.RequestAborted);
            }
            if ((md5 is not null && Convert.ToHexStringLower(md5.GetHashAndReset()) != hash) || (hash.Length == Sha256Digits && upload.Content.ToString() != hash))
                throw new BadHttpRequestException(Hint(context), StatusCodes.Status422UnprocessableEntity);
            var entry = arrival.Entry with { Size = upload.Offset, Content = upload.Content };
            var staged = await upload.CompleteAsync(entry, context.RequestAborted);
            return (await library.KeepAsync([arrival with { Entry = entry, Staged = staged }], CancellationToken.None))[0];
        }
        finally
        {
            await uploads.EndAsync(upload);
        }
    }

    private static string Hint(HttpContext context) =>
        "the body does not have that hash; nothing was kept"
        + (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true ? " (send it with --data-binary: curl's --data drops line ends)" : "");
}
