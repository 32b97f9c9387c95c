using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>
/// Bytes on their way to a server, in parts (tus 1.0, core). A part that was cut off goes on where the server says that it ends.
/// The parts carry no hashes: the server keeps nothing that does not have the file's SHA-256 as a whole.
/// </summary>
internal sealed class HttpStagedContent(LibraryClient client, string location) : IStagedContent
{
    private const int Attempts = 8;

    // A part that may not go fast is smaller, so that it is done before anybody takes the connection for dead.
    private readonly int _partSize = client.Up is null ? 8 << 20 : 1 << 20;
    private byte[]? _part = ArrayPool<byte>.Shared.Rent(client.Up is null ? 8 << 20 : 1 << 20);
    private int _used;
    private bool _broke;
    private long _offset;

    private byte[] Part => _part ?? throw new InvalidOperationException("Nothing can be added to bytes that are complete.");

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
        GiveBack();
    }

    public async ValueTask DisposeAsync()
    {
        _part = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, location);
            using var answer = await client.SendOnceAsync(request, CancellationToken.None);
        }
        catch (Exception e) when (LibraryClient.IsTransient(e, CancellationToken.None))
        {
            // It expires on the server by itself.
        }
    }

    private void GiveBack()
    {
        // A request that broke off may read on in the part for a moment.
        if (_part is { } part && !_broke)
            ArrayPool<byte>.Shared.Return(part);
        _part = null;
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
            var fits = Math.Min(bytes.Length, _partSize - _used);
            bytes[..fits].CopyTo(Part.AsMemory(_used));
            _used += fits;
            bytes = bytes[fits..];
            if (_used == _partSize)
                await SendAsync(cancellationToken);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var end = _offset + _used;
        var start = _offset;
        for (var attempt = 1; _offset < end; attempt++)
        {
            var error = await TrySendAsync(Part.AsMemory((int)(_offset - start), (int)(end - _offset)), cancellationToken);
            if (error is null)
                break;
            _broke = true;
            if (attempt == Attempts)
                throw new HoldfastException(ErrorKind.Failed, $"the connection to {client.Address} keeps breaking: {error}", "Run again: what is there is not sent twice.");
            // After a break only the server knows how much of the part it has.
            using var answer = await client.SendAsync(() => new HttpRequestMessage(HttpMethod.Head, location), cancellationToken);
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
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = client.Up is { } pace ? new PacedContent(part, pace) : new ReadOnlyMemoryContent(part) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            request.Headers.Add("Tus-Resumable", "1.0.0");
            request.Headers.Add("Upload-Offset", _offset.ToString(CultureInfo.InvariantCulture));
            using var answer = await client.SendOnceAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return null;
            return answer.StatusCode == HttpStatusCode.Conflict ? $"{(int)answer.StatusCode}" : throw await client.RefusalAsync(answer, cancellationToken);
        }
        catch (Exception e) when (LibraryClient.IsTransient(e, cancellationToken))
        {
            return e.Message;
        }
    }
}
