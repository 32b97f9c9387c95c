using System.Security.Cryptography;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Files;

/// <summary>The hashes Telegram gives for the blocks of a file (upload.getFileHashes), fetched as they are needed.</summary>
internal sealed class HashBook(long length)
{
    private readonly SortedList<long, FileHash> _hashes = [];
    private readonly SemaphoreSlim _fetching = new(1);
    private bool _isAbsent;

    /// <summary>Begins to fetch the hashes from there on, unless they are known. What goes wrong shows when they are needed.</summary>
    public void Prefetch(long offset, Func<long, Task<FileHash[]>> fetch)
    {
        if (_isAbsent || Known(offset) is not null) return;
        _ = FindAsync(offset, fetch).ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <returns>False when a block that lies within these bytes has another hash. Where Telegram has no hashes there is nothing to compare with.</returns>
    public async Task<bool> VerifyAsync(long offset, ReadOnlyMemory<byte> bytes, Func<long, Task<FileHash[]>> fetch)
    {
        var end = Math.Min(length, offset + bytes.Length);
        for (var at = offset; at < end;)
        {
            if (await FindAsync(at, fetch) is not { } hash) return true;
            if (hash.Offset >= offset && hash.Offset + hash.Limit <= end && !IsGenuine(bytes.Slice((int)(hash.Offset - offset), hash.Limit), hash)) return false;
            at = hash.Offset + hash.Limit;
        }
        return true;
    }

    private static bool IsGenuine(ReadOnlyMemory<byte> block, FileHash hash)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(block.Span, actual);
        return actual.SequenceEqual(hash.Hash.Span);
    }

    private async Task<FileHash?> FindAsync(long at, Func<long, Task<FileHash[]>> fetch)
    {
        if (Known(at) is { } known) return known;
        if (_isAbsent) return null;
        await _fetching.WaitAsync();
        try
        {
            if (Known(at) is { } meanwhile) return meanwhile;
            var fetched = await fetch(at);
            lock (_hashes)
            {
                foreach (var hash in fetched)
                    if (hash.Limit > 0) _hashes[hash.Offset] = hash;
            }
            _isAbsent = fetched.Length == 0;
            return Known(at);
        }
        catch (RpcException e) when (e.Code == 400 && e is not FileReferenceExpiredException)
        {
            _isAbsent = true;
            return null;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private FileHash? Known(long at)
    {
        lock (_hashes)
        {
            int low = 0, high = _hashes.Count - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                var hash = _hashes.Values[middle];
                if (at < hash.Offset) high = middle - 1;
                else if (at >= hash.Offset + hash.Limit) low = middle + 1;
                else return hash;
            }
            return null;
        }
    }
}
