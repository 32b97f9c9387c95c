using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Http;

/// <summary>The requests of one upload in parts (tus 1.0, https://tus.io/protocols/resumable-upload).</summary>
/// <param name="client">Speaks with the server.</param>
/// <param name="content">What the bytes must be; null for anything.</param>
internal sealed class TusRequests(LibraryClient client, ContentId? content)
{
    /// <summary>The upload's address; null until the server has said it.</summary>
    public string? Location { get; private set; }

    /// <summary>Bytes of the whole, as the server was told; null while it does not know.</summary>
    public long? Length { get; private set; }

    /// <summary>How far the upload is.</summary>
    public HttpRequestMessage Ask() => To(HttpMethod.Head);

    /// <summary>Drops it.</summary>
    public HttpRequestMessage Drop() => To(HttpMethod.Delete);

    /// <summary>Sends a part; the first one begins the upload.</summary>
    /// <param name="part">Its bytes; none when there are none.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="length">Bytes of the whole when this is its last part.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when it is through, otherwise why it may be tried again.</returns>
    /// <exception cref="ContentMismatchException">The whole is not what it must be.</exception>
    public async Task<string?> TrySendAsync(ReadOnlyMemory<byte> part, long offset, long? length, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Location is null ? Begin(length) : Continue(offset, length);
            request.Content = client.Up is { } pace ? new PacedContent(part, pace) : new ReadOnlyMemoryContent(part);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            using var answer = await client.SendOnceAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                Location ??= answer.Headers.Location?.ToString().TrimStart('/') ?? throw new HoldfastException(ErrorKind.Failed, $"{client.Address} began an upload and did not say where.");
                Length = length;
                return null;
            }
            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity && content is { } expected)
                throw new ContentMismatchException($"{client.Address} did not get the contents {expected}");
            return answer.StatusCode == HttpStatusCode.Conflict || (Location is null && LibraryClient.IsBusy(answer.StatusCode))
                ? $"{(int)answer.StatusCode}"
                : throw await client.RefusalAsync(answer, cancellationToken);
        }
        catch (Exception e) when (LibraryClient.IsTransient(e, cancellationToken))
        {
            return e.Message;
        }
    }

    private HttpRequestMessage Begin(long? length)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Wire.Uploads);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        // The file may still grow or shrink while it is read.
        request.Headers.Add(length is null ? "Upload-Defer-Length" : "Upload-Length", length is { } bytes ? Text(bytes) : "1");
        if (content is { } expected)
            request.Headers.Add("Upload-Metadata", $"sha256 {Convert.ToBase64String(Encoding.ASCII.GetBytes(expected.ToString()))}");
        return request;
    }

    private HttpRequestMessage Continue(long offset, long? length)
    {
        var request = To(HttpMethod.Patch);
        request.Headers.Add("Upload-Offset", Text(offset));
        if (length is { } bytes)
            request.Headers.Add("Upload-Length", Text(bytes));
        return request;
    }

    private HttpRequestMessage To(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, Location);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    private static string Text(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
