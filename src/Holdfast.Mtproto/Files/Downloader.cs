using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Files;

/// <summary>One download.</summary>
internal sealed class Downloader
{
    private const int Part = FileLimits.DownloadPart;
    private const int Align = 4096;
    private const long HashesAhead = 24L << 20;
    private const int MaxSpoiled = 3;
    private const int MaxRefreshes = 3;
    private readonly FileTransfers _transfers;
    private readonly IPartSink _sink;
    private readonly DownloadOptions _options;
    private readonly FileSource _source;
    private readonly PartSet _parts;
    private readonly HashBook _hashes;
    private readonly SemaphoreSlim _refreshing = new(1);
    private volatile InputFileLocationBase _location;
    private volatile int _dataCenter;
    private long _written;

    public Downloader(FileTransfers transfers, FileSource source, IPartSink sink, DownloadOptions options)
    {
        _transfers = transfers;
        _source = source;
        _sink = sink;
        _options = options;
        _location = source.Location;
        _dataCenter = source.DataCenter;
        _parts = options.Resume ?? new PartSet((int)((source.Length + Part - 1) / Part));
        if (_parts.Count != (source.Length + Part - 1) / Part) throw new ArgumentException("The state to resume from belongs to another file.", nameof(options));
        _hashes = new HashBook(source.Length);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = new List<Task>();
        Exception? failure = null;
        for (var i = 0; i < _parts.Count && failure is null; i++)
        {
            var size = SizeOf(i);
            if (_parts.Has(i))
            {
                _sink.Skip(i);
                Report(size);
                continue;
            }
            try
            {
                await _sink.ReserveAsync(i, stop.Token);
                var pool = await _transfers.PoolAsync(_dataCenter, stop.Token);
                running.Add(FetchAsync(i, await pool.RentAsync(size, stop.Token)));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
            running.RemoveAll(t => t.IsCompleted);
        }
        await Task.WhenAll(running);
        _refreshing.Dispose();
        if (failure is { } reason) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(reason);

        async Task FetchAsync(int part, TransferPool.Lease lease)
        {
            await Task.Yield();
            try
            {
                await FetchPartAsync(part, lease, stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                await stop.CancelAsync();
            }
        }
    }

    private int SizeOf(int part) => (int)Math.Min(Part, _source.Length - ((long)part * Part));

    private void Report(int size) => _options.Progress?.Report(Interlocked.Add(ref _written, size));

    private async Task FetchPartAsync(int number, TransferPool.Lease lease, CancellationToken ct)
    {
        var offset = (long)number * Part;
        using var part = await FetchAsync(offset, SizeOf(number), lease, ct);
        await _sink.WriteAsync(number, offset, part.Bytes, ct);
        _parts.Add(number);
        Report(part.Bytes.Length);
        _options.OnState?.Invoke(_parts);
    }

    /// <summary>Fetches from where the file was said to lie, or from where the server sends us.</summary>
    private async Task<FilePart> FetchAsync(long offset, int size, TransferPool.Lease lease, CancellationToken ct)
    {
        int dataCenter;
        using (lease)
        {
            try
            {
                return await ReadVerifiedAsync(offset, size, lease, ct);
            }
            catch (MigrateException e) when (e.Kind == "FILE_MIGRATE_X")
            {
                _dataCenter = dataCenter = e.DataCenter;
            }
        }
        var pool = await _transfers.PoolAsync(dataCenter, ct);
        using var other = await pool.RentAsync(size, ct);
        return await ReadVerifiedAsync(offset, size, other, ct);
    }

    private async Task<FilePart> ReadVerifiedAsync(long offset, int size, TransferPool.Lease lease, CancellationToken ct)
    {
        if (_options.VerifyHashes) PrefetchHashes();
        for (var attempt = 1; ; attempt++)
        {
            var part = await ReadAsync(offset, size, lease, ct);
            try
            {
                var isComplete = part.Bytes.Length == size;
                if (isComplete && (!_options.VerifyHashes || await _hashes.VerifyAsync(offset, part.Bytes, FetchHashesAsync)))
                {
                    lease.Moved(size);
                    return part;
                }
            }
            catch
            {
                part.Dispose();
                throw;
            }
            part.Dispose();
            if (attempt == MaxSpoiled) throw new FileCorruptException(offset);
        }

        // On a slow line an answer waits behind the parts that were asked for before it, and parts wait for their hashes:
        // so these are asked for when the parts they belong to are not yet under way.
        void PrefetchHashes()
        {
            _hashes.Prefetch(offset, FetchHashesAsync);
            if (offset + HashesAhead < _source.Length) _hashes.Prefetch(offset + HashesAhead, FetchHashesAsync);
        }

        Task<FileHash[]> FetchHashesAsync(long from) =>
            RefreshingAsync(location => _transfers.CallAsync(lease.Connection, new UploadGetFileHashes { Location = location, Offset = from }, ct), ct);
    }

    private Task<FilePart> ReadAsync(long offset, int size, TransferPool.Lease lease, CancellationToken ct)
    {
        // A limit must divide a MiB; the server cuts at the end of the file.
        var limit = Align;
        while (limit < size) limit *= 2;
        return RefreshingAsync(location => _transfers.CallAsync(lease.Connection, new GetFilePart(location, offset, limit), ct), ct);
    }

    private async Task<T> RefreshingAsync<T>(Func<InputFileLocationBase, Task<T>> call, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var location = _location;
            try
            {
                return await call(location);
            }
            catch (FileReferenceExpiredException) when (_source.Refresh is not null && attempt <= MaxRefreshes)
            {
                await RefreshAsync(location, ct);
            }
        }
    }

    /// <summary>Many parts find out at the same time; the message is read again once.</summary>
    private async Task RefreshAsync(InputFileLocationBase expired, CancellationToken ct)
    {
        await _refreshing.WaitAsync(ct);
        try
        {
            if (ReferenceEquals(_location, expired)) _location = await _source.Refresh!(ct);
        }
        finally
        {
            _refreshing.Release();
        }
    }
}
