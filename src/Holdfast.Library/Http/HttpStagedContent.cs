using System.Buffers;
using System.Globalization;
using System.Net;
using Holdfast.Core.Model;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Http;

/// <summary>
/// Bytes on their way to a server, in parts (tus 1.0: core, creation with upload). The first part begins the upload, so a file
/// that fits into one is one request. A part that was cut off goes on where the server says that it ends. The parts carry no
/// hashes: the server keeps nothing that does not have the file's SHA-256 as a whole, and says so with the last part when it
/// knows the hash from the first.
/// </summary>
internal sealed class HttpStagedContent : IStagedContent
{
    private const int Attempts = 8, SmallestPart = 4096;

    private readonly LibraryClient _client;
    private readonly TusRequests _requests;
    private readonly int _partSize;
    private byte[]? _part;
    private int _used;
    private bool _broke;
    private long _offset;

    /// <param name="client">Speaks with the server.</param>
    /// <param name="entry">The file as it is thought to be; its content id, if it has one, is what the server checks.</param>
    public HttpStagedContent(LibraryClient client, Entry entry)
    {
        _client = client;
        _requests = new TusRequests(client, entry.Content);
        // A part that may not go fast is smaller, so that it is done before anybody takes the connection for dead.
        _partSize = (int)Math.Clamp(entry.Size, SmallestPart, client.Up is null ? 8 << 20 : 1 << 20);
    }

    private byte[] Part => _part ??= IsComplete ? throw new InvalidOperationException("Nothing can be added to bytes that are complete.") : ArrayPool<byte>.Shared.Rent(_partSize);

    /// <summary>What the server calls it. Known when the bytes are complete.</summary>
    public string Id => _requests.Location is { } location ? location[(location.LastIndexOf('/') + 1)..] : throw new InvalidOperationException("Nothing was sent yet.");

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
        await SendAsync(isLast: true, cancellationToken);
        IsComplete = true;
        GiveBack();
    }

    public async ValueTask DisposeAsync()
    {
        GiveBack();
        if (_requests.Location is null)
            return;
        try
        {
            using var request = _requests.Drop();
            using var answer = await _client.SendOnceAsync(request, CancellationToken.None);
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
            // A full part waits for what comes next: only then it is known not to be the last one.
            if (_used == _partSize)
                await SendAsync(isLast: false, cancellationToken);
            var fits = Math.Min(bytes.Length, _partSize - _used);
            bytes[..fits].CopyTo(Part.AsMemory(_used));
            _used += fits;
            bytes = bytes[fits..];
        }
    }

    private async Task SendAsync(bool isLast, CancellationToken cancellationToken)
    {
        var start = _offset;
        var end = start + _used;
        for (var attempt = 1; _requests.Location is null || _offset < end || (isLast && _requests.Length is null); attempt++)
        {
            var part = Part.AsMemory((int)(_offset - start), (int)(end - _offset));
            if (await _requests.TrySendAsync(part, _offset, isLast ? end : null, cancellationToken) is not { } error)
                break;
            _broke = true;
            if (attempt == Attempts)
                throw new HoldfastException(ErrorKind.Failed, $"the connection to {_client.Address} keeps breaking: {error}", "Run again: what is there is not sent twice.");
            if (_requests.Location is null)
                await _client.PauseAsync(attempt, cancellationToken);
            else
                _offset = await OffsetAsync(start, end, cancellationToken);
        }
        _offset = end;
        _used = 0;
    }

    /// <summary>After a break only the server knows how much of the part it has.</summary>
    private async Task<long> OffsetAsync(long start, long end, CancellationToken cancellationToken)
    {
        using var answer = await _client.SendAsync(_requests.Ask, cancellationToken);
        var offset = answer.Headers.TryGetValues("Upload-Offset", out var values) ? long.Parse(values.First(), CultureInfo.InvariantCulture) : -1;
        if (offset < start || offset > end)
            throw new HoldfastException(ErrorKind.Failed, $"{_client.Address} lost a part of an upload.", "Run again.");
        return offset;
    }
}
