using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>
/// Bytes on their way to a server, in parts with a hash each (tus 1.0, core and checksum). A part that was cut off goes on
/// where the server says that it ends.
/// </summary>
internal sealed class HttpStagedContent(LibraryClient client, string location) : IStagedContent
{
    private const int PartSize = 4 << 20, Attempts = 8;

    private readonly byte[] _part = new byte[PartSize];
    private int _used;
    private long _offset;

    /// <summary>What the server calls it.</summary>
    public string Id { get; } = location[(location.LastIndexOf('/') + 1)..];

    public bool IsComplete { get; private set; }

    public bool TryClone(IFileReader source) => false;

    public async ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await ZerosAsync(position, cancellationToken);
        await AddAsync(bytes, cancellationToken);
    }

    public async ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        await ZerosAsync(entry.Size, cancellationToken);
        await SendAsync(cancellationToken);
        IsComplete = true;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var request = Request(HttpMethod.Delete);
            using var answer = await client.SendOnceAsync(request, CancellationToken.None);
        }
        catch (Exception e) when (LibraryClient.IsTransient(e, CancellationToken.None))
        {
            // It expires on the server by itself.
        }
    }

    private async ValueTask ZerosAsync(long until, CancellationToken cancellationToken)
    {
        var zeros = ReadOnlyMemory<byte>.Empty;
        while (_offset + _used < until)
        {
            if (zeros.IsEmpty)
                zeros = new byte[64 * 1024];
            await AddAsync(zeros[..(int)Math.Min(zeros.Length, until - _offset - _used)], cancellationToken);
        }
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var fits = Math.Min(bytes.Length, PartSize - _used);
            bytes[..fits].CopyTo(_part.AsMemory(_used));
            _used += fits;
            bytes = bytes[fits..];
            if (_used == PartSize)
                await SendAsync(cancellationToken);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var end = _offset + _used;
        var start = _offset;
        for (var attempt = 1; _offset < end; attempt++)
        {
            var error = await TrySendAsync(_part.AsMemory((int)(_offset - start), (int)(end - _offset)), cancellationToken);
            if (error is null)
                break;
            if (attempt == Attempts)
                throw new HoldfastException(ErrorKind.Failed, $"the connection to {client.Address} keeps breaking: {error}", "Run again: what is there is not sent twice.");
            // After a break only the server knows how much of the part it has.
            using var answer = await client.SendAsync(() => Request(HttpMethod.Head), cancellationToken);
            var offset = answer.Headers.TryGetValues("Upload-Offset", out var values) ? long.Parse(values.First(), CultureInfo.InvariantCulture) : -1;
            if (offset < start || offset > end)
                throw new HoldfastException(ErrorKind.Failed, $"{client.Address} lost a part of an upload.", "Run again.");
            _offset = offset;
        }
        _offset = end;
        _used = 0;
    }

    private async Task<string?> TrySendAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        // 460 is tus's own: the part does not have its checksum.
        const HttpStatusCode wrongChecksum = (HttpStatusCode)460;
        try
        {
            using var request = Request(HttpMethod.Patch);
            request.Content = new ReadOnlyMemoryContent(part);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            request.Headers.Add("Upload-Offset", _offset.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("Upload-Checksum", $"sha256 {Convert.ToBase64String(SHA256.HashData(part.Span))}");
            using var answer = await client.SendOnceAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return null;
            return answer.StatusCode is HttpStatusCode.Conflict or wrongChecksum ? $"{(int)answer.StatusCode}" : throw await client.RefusalAsync(answer, cancellationToken);
        }
        catch (Exception e) when (LibraryClient.IsTransient(e, cancellationToken))
        {
            return e.Message;
        }
    }

    private HttpRequestMessage Request(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, location);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }
}
