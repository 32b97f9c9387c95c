using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Holdfast.Stores.S3;

/// <summary>
/// Objects in a bucket of any S3 engine. What an engine confirmed is durable there, so a flush has nothing to do. Large objects
/// are put in parts, which the engine makes one object of at the end.
/// </summary>
public sealed class S3Store : IStore
{
    private const long Largest = 5L << 40; // 5 TiB, the protocol's limit

    private readonly S3Bucket _bucket;
    private readonly S3Conditions _conditions;

    private S3Store(S3Bucket bucket)
    {
        _bucket = bucket;
        _conditions = new S3Conditions(bucket);
        Traits = new StoreTraits { ConditionalPut = true, MaximumSize = Largest, Ranges = true, Parallelism = Math.Max(1, bucket.Options.Connections) };
    }

    /// <inheritdoc/>
    public string Display => _bucket.Display;

    /// <summary>
    /// What it can do. Not every engine keeps conditions, and some ignore them; the first put with one finds out, and fails with
    /// <see cref="StoreErrorKind.Unsupported"/> where the engine does not.
    /// </summary>
    public StoreTraits Traits { get; }

    /// <summary>Opens a bucket that must be there.</summary>
    /// <exception cref="StoreException"><see cref="StoreErrorKind.NoStore"/>: there is no such bucket; or it cannot be reached.</exception>
    /// <exception cref="Core.Model.HoldfastException">No keys were found, or a file that the options name cannot be read.</exception>
    public static async Task<S3Store> OpenAsync(S3Options options, CancellationToken cancellationToken)
    {
        var bucket = new S3Bucket(options);
        try
        {
            await PageAsync(bucket, bucket.Prefix, null, 1, cancellationToken);
            return new S3Store(bucket);
        }
        catch
        {
            bucket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a bucket, making it where there is none.</summary>
    public static async Task<S3Store> CreateAsync(S3Options options, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(options, cancellationToken);
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.NoStore)
        {
            using var bucket = new S3Bucket(options);
            await bucket.CallAsync(null, (s3, patience) => s3.PutBucketAsync(new PutBucketRequest { BucketName = bucket.Name }, patience.Token), cancellationToken);
        }
        return await OpenAsync(options, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        // HTTP has no word for no bytes.
        if (range.Length == 0)
            return await EmptyAsync(name, range, cancellationToken);
        var patience = new Patience(_bucket.Options.Patience, cancellationToken);
        try
        {
            var answer = await _bucket.CallAsync(name, (s3, p) => s3.GetObjectAsync(RequestOf(name, range), p.Token), patience, cancellationToken);
            var length = answer.ContentLength;
            if (range.Length is { } wanted && wanted != length)
            {
                answer.Dispose();
                throw StoreException.Short(Display, name, $"{range} were asked for, {length} came");
            }
            patience.Rest();
            return new ObjectContent(new S3ReadStream(answer, answer.ResponseStream, length, patience, Display, name), length, answer.ETag);
        }
        catch (StoreException e) when (e.InnerException is AmazonS3Exception { StatusCode: System.Net.HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            patience.Dispose();
            return await EmptyAsync(name, range, cancellationToken);
        }
        catch
        {
            patience.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _bucket.CallAsync(name, (s3, p) => s3.GetObjectMetadataAsync(_bucket.Name, _bucket.KeyOf(name), p.Token), cancellationToken);
            return new ObjectStat(name, answer.ContentLength, answer.ETag);
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.NotFound)
        {
            // An answer without a body does not say whether it is the object that is missing, or the bucket.
            await PageAsync(_bucket, _bucket.KeyOf(name), null, 1, cancellationToken);
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = folder is null ? _bucket.Prefix : _bucket.KeyOf(folder) + "/";
        string? from = null;
        do
        {
            var page = await PageAsync(_bucket, prefix, from, null, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
                if (ObjectName.TryParse(found.Key[_bucket.Prefix.Length..], out var name))
                    yield return new ObjectStat(name, found.Size ?? throw Broken("leaves out a size"), found.ETag);
            var next = page.IsTruncated == true ? page.NextContinuationToken : null;
            // A list that says it goes on but not where, or starts again, would end too early or never.
            if (page.IsTruncated == true && (string.IsNullOrEmpty(next) || next == from))
                throw Broken("does not say how it goes on");
            from = next;
        }
        while (from is not null);
    }

    /// <inheritdoc/>
    public async Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken)
    {
        if (body.Length > Largest)
            throw StoreException.TooLarge(Display, name, Largest);
        if (condition == PutCondition.IfAbsent && await TryStatAsync(name, cancellationToken) is not null)
            throw StoreException.Exists(Display, name);
        await new S3Put(_bucket, _conditions, name, body, condition).RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            await _bucket.CallAsync(name, (s3, p) => s3.DeleteObjectAsync(_bucket.Name, _bucket.KeyOf(name), p.Token), cancellationToken);
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.NotFound)
        {
            // As asked for.
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _conditions.Dispose();
        _bucket.Dispose();
        return ValueTask.CompletedTask;
    }

    private GetObjectRequest RequestOf(ObjectName name, ByteRange range) => new()
    {
        BucketName = _bucket.Name,
        Key = _bucket.KeyOf(name),
        ByteRange = range == ByteRange.All ? null
            : range.Length is { } length ? new Amazon.S3.Model.ByteRange(range.Offset, range.Offset + length - 1)
            : new Amazon.S3.Model.ByteRange($"bytes={range.Offset}-"),
    };

    private async Task<ObjectContent> EmptyAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        var stat = await TryStatAsync(name, cancellationToken) ?? throw StoreException.NotFound(Display, name);
        if (range.Of(stat.Size) != 0)
            throw StoreException.Short(Display, name, $"it has {stat.Size} bytes, {range} were asked for");
        return new ObjectContent(Stream.Null, 0, stat.Version);
    }

    private StoreException Broken(string how) => S3Errors.Unavailable($"The list of {Display} {how}");

    private static Task<ListObjectsV2Response> PageAsync(S3Bucket bucket, string prefix, string? from, int? most, CancellationToken cancellationToken) =>
        bucket.CallAsync(
            null,
            (s3, patience) => s3.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = bucket.Name, Prefix = prefix, ContinuationToken = from, MaxKeys = most }, patience.Token),
            cancellationToken);
}
