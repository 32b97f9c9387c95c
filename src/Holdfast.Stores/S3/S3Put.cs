using System.Buffers;
using System.Runtime.InteropServices;
using Amazon.S3.Model;
using Holdfast.Stores.Streams;

namespace Holdfast.Stores.S3;

/// <summary>One put: in one piece when it is small, in parts when it is not.</summary>
internal sealed class S3Put(S3Bucket bucket, S3Conditions conditions, ObjectName name, ObjectBody body, PutCondition condition)
{
    /// <summary>"Only if there is no version of it".</summary>
    public const string None = "*";

    /// <summary>The first bytes, and each part of an object whose length is known, in bytes.</summary>
    private const int PartSize = 16 << 20;

    /// <summary>Each part when the length is not known: 10,000 of them are 610 GiB.</summary>
    private const int PartSizeOfUnknown = 64 << 20;

    private const int MostParts = 10_000;
    private const int PartsAtOnce = 3;
    private const long LargestPiece = 5L << 30; // 5 GiB, the protocol's limit for one request

    private readonly string _key = bucket.KeyOf(name);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var reader = new BodyReader(body, bucket.Display, name);
        var size = PartSizeOf(body.Length);
        var first = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var length = await reader.FillAsync(first.AsMemory(0, size), cancellationToken);
            if (length < size || length == body.Length)
                await PutWholeAsync(() => Over(first.AsMemory(0, length)), length, cancellationToken);
            else if (condition == PutCondition.Replace || await conditions.PartsAsync(cancellationToken))
                await PutInPartsAsync(first.AsMemory(0, length), reader, condition == PutCondition.IfAbsent ? None : null, cancellationToken);
            else if (body.Length is { } whole and <= LargestPiece)
                await PutStreamAsync(first.AsMemory(0, length), reader, whole, cancellationToken);
            else if (name.NamesItsContent)
                await PutInPartsAsync(first.AsMemory(0, length), reader, null, cancellationToken);
            else
                throw Unsupported("an object of more than 5 GiB or of unknown length");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(first);
        }
    }

    /// <summary>A stream over bytes, without a copy where they lie in an array.</summary>
    public static MemoryStream Over(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    private static int PartSizeOf(long? length)
    {
        if (length is not { } known)
            return PartSizeOfUnknown;
        var least = (known + MostParts - 1) / MostParts;
        return (int)Math.Max(PartSize, (least + (1 << 20) - 1) >> 20 << 20);
    }

    private async Task PutWholeAsync(Func<Stream> open, long length, CancellationToken cancellationToken)
    {
        var onlyIf = condition == PutCondition.Replace ? null : await ConditionAsync(cancellationToken);
        await bucket.CallAsync(
            name,
            (s3, patience) =>
            {
                var request = new PutObjectRequest
                {
                    BucketName = bucket.Name,
                    Key = _key,
                    InputStream = open(),
                    IfNoneMatch = onlyIf,
                    StorageClass = bucket.StorageClass,
                };
                request.Headers.ContentLength = length;
                request.StreamTransferProgress += (_, _) => patience.Renew();
                return s3.PutObjectAsync(request, patience.Token);
            },
            cancellationToken);
    }

    // A large object in one request, because the engine keeps conditions only so.
    private async Task PutStreamAsync(ReadOnlyMemory<byte> first, BodyReader rest, long length, CancellationToken cancellationToken)
    {
        var stream = new RestOfBody(first, rest);
        try
        {
            await PutWholeAsync(() => stream, length, cancellationToken);
        }
        catch (StoreException) when (stream.Failure is not null)
        {
            stream.Failure.Throw();
        }
    }

    // Null when the engine keeps no conditions, but the name says which bytes belong to it.
    private async Task<string?> ConditionAsync(CancellationToken cancellationToken)
    {
        if (await conditions.WholeAsync(cancellationToken))
            return None;
        return name.NamesItsContent ? null : throw Unsupported("an object");
    }

    private async Task PutInPartsAsync(ReadOnlyMemory<byte> first, BodyReader rest, string? onlyIf, CancellationToken cancellationToken)
    {
        var parts = await MultipartUpload.BeginAsync(bucket, name, _key, cancellationToken);
        var complete = false;
        try
        {
            await AddAllAsync(parts, first, rest, cancellationToken);
            await parts.CompleteAsync(onlyIf, cancellationToken);
            complete = true;
        }
        finally
        {
            if (!complete)
                await parts.TryAbortAsync();
        }
    }

    private async Task AddAllAsync(MultipartUpload parts, ReadOnlyMemory<byte> first, BodyReader rest, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(PartsAtOnce);
        var adding = new List<Task> { AddAsync(parts, 1, first, stop) };
        try
        {
            for (var number = 2; ; number++)
            {
                await slots.WaitAsync(stop.Token);
                var buffer = ArrayPool<byte>.Shared.Rent(first.Length);
                var length = await FillAsync(rest, buffer, first.Length, stop.Token);
                if (length == 0)
                    break;
                if (number > MostParts)
                    throw StoreException.TooLarge(bucket.Display, name, (long)MostParts * first.Length);
                adding.Add(ReleaseAfterAsync(AddAsync(parts, number, buffer.AsMemory(0, length), stop), buffer, slots));
                if (length < first.Length)
                    break;
            }
        }
        catch
        {
            await stop.CancelAsync();
            // The part that failed first cancelled the others and this loop; its reason is the one to tell.
            await Task.WhenAll(adding).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            adding.Find(t => t.IsFaulted)?.GetAwaiter().GetResult();
            throw;
        }
        await Task.WhenAll(adding);
    }

    private static async Task<int> FillAsync(BodyReader rest, byte[] buffer, int size, CancellationToken cancellationToken)
    {
        var filled = 0;
        try
        {
            return filled = await rest.FillAsync(buffer.AsMemory(0, size), cancellationToken);
        }
        finally
        {
            if (filled == 0)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task AddAsync(MultipartUpload parts, int number, ReadOnlyMemory<byte> bytes, CancellationTokenSource stop)
    {
        try
        {
            await bucket.Options.Backoff.RunAsync(
                async _ =>
                {
                    await parts.AddAsync(number, bytes, stop.Token);
                    return true;
                },
                stop.Token);
        }
        catch (StoreException)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private static async Task ReleaseAfterAsync(Task adding, byte[] buffer, SemaphoreSlim slots)
    {
        try
        {
            await adding;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            slots.Release();
        }
    }

    private StoreException Unsupported(string what) => new(
        StoreErrorKind.Unsupported,
        $"{bucket.Display} cannot make sure that {what} replaces none, and '{name}' must not be replaced.",
        "Use an engine that keeps If-None-Match.");
}
