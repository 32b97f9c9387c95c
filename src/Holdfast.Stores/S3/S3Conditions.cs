using Amazon.S3.Model;

namespace Holdfast.Stores.S3;

/// <summary>
/// Whether an engine keeps "only if there is none". Some refuse it, and some ignore it and replace; so it is tried out, once, on an
/// object that no list shows. In one piece and in parts are two questions: Ceph 16 keeps the first and ignores the second.
/// </summary>
internal sealed class S3Conditions(S3Bucket bucket) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private bool? _whole, _parts;

    /// <summary>True when a put in one piece keeps it.</summary>
    public async Task<bool> WholeAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _whole ??= await TryOutAsync(async key => await PutAsync(key, S3Put.None, cancellationToken), cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>True when a put in parts keeps it.</summary>
    public async Task<bool> PartsAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _parts ??= await TryOutAsync(key => PutInPartsAsync(key, cancellationToken), cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> TryOutAsync(Func<string, Task> putIfAbsent, CancellationToken cancellationToken)
    {
        // '~' stands in no name of an object.
        var key = $"{bucket.Prefix}tmp~{Guid.NewGuid():N}";
        try
        {
            await PutAsync(key, null, cancellationToken);
            await putIfAbsent(key);
            return false;
        }
        catch (StoreException e) when (e.Reason is StoreErrorKind.Exists or StoreErrorKind.Unsupported)
        {
            return e.Reason == StoreErrorKind.Exists;
        }
        finally
        {
            await bucket.CallAsync(null, (s3, p) => s3.DeleteObjectAsync(bucket.Name, key, p.Token), CancellationToken.None);
        }
    }

    private Task<PutObjectResponse> PutAsync(string key, string? ifNoneMatch, CancellationToken cancellationToken) => bucket.CallAsync(
        Probe,
        (s3, p) => s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = key, InputStream = new MemoryStream([1]), IfNoneMatch = ifNoneMatch }, p.Token),
        cancellationToken);

    private async Task PutInPartsAsync(string key, CancellationToken cancellationToken)
    {
        var parts = await MultipartUpload.BeginAsync(bucket, Probe, key, cancellationToken);
        try
        {
            await parts.AddAsync(1, new byte[] { 1 }, cancellationToken);
            await parts.CompleteAsync(S3Put.None, cancellationToken);
        }
        finally
        {
            await parts.TryAbortAsync();
        }
    }

    private static ObjectName Probe => ObjectName.Parse("probe");
}
