using System.Collections.Concurrent;
using Amazon.S3.Model;

namespace Holdfast.Stores.S3;

/// <summary>An object that arrives in parts and is seen only when it was completed.</summary>
internal sealed class MultipartUpload
{
    private readonly S3Bucket _bucket;
    private readonly ObjectName _name;
    private readonly string _key, _id;
    private readonly ConcurrentBag<PartETag> _parts = [];

    private MultipartUpload(S3Bucket bucket, ObjectName name, string key, string id) => (_bucket, _name, _key, _id) = (bucket, name, key, id);

    public static async Task<MultipartUpload> BeginAsync(S3Bucket bucket, ObjectName name, string key, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = bucket.Name, Key = key, StorageClass = bucket.StorageClass };
        var answer = await bucket.CallAsync(name, (s3, p) => s3.InitiateMultipartUploadAsync(request, p.Token), cancellationToken);
        return new MultipartUpload(bucket, name, key, answer.UploadId);
    }

    /// <summary>Puts one part; several may be under way at once. Putting one again replaces it.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="bytes">All but the last part have at least 5 MiB, and the same length.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AddAsync(int number, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var answer = await _bucket.CallAsync(
            _name,
            (s3, patience) =>
            {
                var request = new UploadPartRequest
                {
                    BucketName = _bucket.Name,
                    Key = _key,
                    UploadId = _id,
                    PartNumber = number,
                    PartSize = bytes.Length,
                    InputStream = S3Put.Over(bytes),
                };
                request.StreamTransferProgress += (_, _) => patience.Renew();
                return s3.UploadPartAsync(request, patience.Token);
            },
            cancellationToken);
        _parts.Add(new PartETag(number, answer.ETag));
    }

    /// <summary>Makes the parts one object under its name.</summary>
    public async Task CompleteAsync(string? ifNoneMatch, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _bucket.Name,
            Key = _key,
            UploadId = _id,
            PartETags = [.. _parts.OrderBy(p => p.PartNumber)],
            IfNoneMatch = ifNoneMatch,
        };
        var answer = await _bucket.CallAsync(_name, (s3, p) => s3.CompleteMultipartUploadAsync(request, p.Token), cancellationToken);
        // An engine may have said 200 before it knew, and the failure then stands in the body. Ceph 16 leaves out the ETag; what names a
        // bucket is no failure.
        if (string.IsNullOrEmpty(answer.BucketName))
            throw S3Errors.Unavailable($"{_bucket.Display} did not say whether '{_name}' was put together");
    }

    /// <summary>Removes parts that will not become an object. Harmless after it was completed.</summary>
    public async Task TryAbortAsync()
    {
        try
        {
            var request = new AbortMultipartUploadRequest { BucketName = _bucket.Name, Key = _key, UploadId = _id };
            await _bucket.CallAsync(null, (s3, p) => s3.AbortMultipartUploadAsync(request, p.Token), CancellationToken.None);
        }
        catch (StoreException)
        {
            // It is gone already, or the failure that led here says more. What stays costs room, not safety.
        }
    }
}
