using System.Buffers;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine;

/// <summary>Reads one file from start to end: every byte is hashed and handed on once. One instance a worker; not for two threads.</summary>
/// <param name="count">Is told of the bytes read.</param>
public sealed class ContentReading(Action<long> count) : IDisposable
{
    /// <summary>Bytes read at once.</summary>
    public const int BlockSize = 1024 * 1024;

    private static readonly byte[] Zeros = new byte[BlockSize];
    private static readonly ContentId Empty = new(SHA256.HashData([]));

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _unfinished;

    /// <summary>How many bytes the last reading covered, holes included: fewer than asked for when the file ended early.</summary>
    public long Length { get; private set; }

    /// <summary>Reads <paramref name="size"/> bytes, or fewer when the file has shrunk.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="sparse">True to ask for holes; they are hashed as zeros and not handed on.</param>
    /// <param name="take">Takes each block; null when only the hash is wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="known">The content when the file was hashed before and whoever takes the bytes hashes them too; null to hash them here.</param>
    public async ValueTask<ContentId> ReadAsync(
        IFileReader file,
        long size,
        bool sparse,
        Func<long, ReadOnlyMemory<byte>, ValueTask>? take,
        CancellationToken cancellationToken,
        ContentId? known = null)
    {
        Length = 0;
        if (size == 0)
            return Empty;
        if (size <= BlockSize && !sparse)
            return await ReadSmallAsync(file, (int)size, take, known);

        // A reading that broke off must not leave its bytes in the next one's hash.
        if (_unfinished)
            Finish();
        _unfinished = true;
        file.Advise(ReadAdvice.Sequential);
        var position = 0L;
        while (position < size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, end) = sparse ? file.NextData(position, size) ?? (size, size) : (position, size);
            if (known is null)
                HashZeros(start - position);
            Length = position = start;
            while (position < end)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var wanted = (int)Math.Min(BlockSize, end - position);
                var got = file.Read(position, _buffer.AsSpan(0, wanted));
                if (got == 0)
                    return Finish(known);
                if (known is null)
                    _hash.AppendData(_buffer, 0, got);
                if (take is not null)
                    await take(position, _buffer.AsMemory(0, got));
                count(got);
                Length = position += got;
            }
        }
        return Finish(known);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _hash.Dispose();
    }

    private async ValueTask<ContentId> ReadSmallAsync(IFileReader file, int size, Func<long, ReadOnlyMemory<byte>, ValueTask>? take, ContentId? known)
    {
        var got = file.Read(0, _buffer.AsSpan(0, size));
        if (take is not null)
            await take(0, _buffer.AsMemory(0, got));
        count(got);
        Length = got;
        return known ?? HashOf(_buffer.AsSpan(0, got));
    }

    private static ContentId HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[ContentId.Size];
        SHA256.HashData(bytes, hash);
        return new ContentId(hash);
    }

    private ContentId Finish(ContentId? known)
    {
        if (known is { } content)
            return content;
        return Finish();
    }

    private ContentId Finish()
    {
        Span<byte> hash = stackalloc byte[ContentId.Size];
        _hash.GetHashAndReset(hash);
        _unfinished = false;
        return new ContentId(hash);
    }

    private void HashZeros(long count)
    {
        for (; count > 0; count -= Math.Min(count, BlockSize))
            _hash.AppendData(Zeros, 0, (int)Math.Min(count, BlockSize));
    }
}
