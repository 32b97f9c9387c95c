using Amazon.Runtime;
using Amazon.S3;

namespace Holdfast.Stores.S3;

/// <summary>A bucket, the keys of objects in it, and the one way to call it.</summary>
internal sealed class S3Bucket : IDisposable
{
    private const string FallbackRegion = "us-east-1";

    private readonly S3Http _http;
    private readonly AmazonS3Client _client;

    public S3Bucket(S3Options options)
    {
        Options = options;
        Prefix = options.Address.Prefix.Length > 0 ? options.Address.Prefix + "/" : "";
        var credentials = S3Credentials.Find(options);
        _http = new S3Http(options);
        _client = new AmazonS3Client(credentials, Config(options, _http));
    }

    public S3Options Options { get; }

    public string Display => Options.Address.ToString();

    public string Name => Options.Address.Bucket;

    /// <summary>What all keys begin with: empty, or ending with a slash.</summary>
    public string Prefix { get; }

    public S3StorageClass? StorageClass => Options.StorageClass is { } name ? new S3StorageClass(name) : null;

    public string KeyOf(ObjectName name) => Prefix + name.Text;

    /// <summary>Does one request; every failure comes out as a <see cref="StoreException"/> or as the caller's own cancellation.</summary>
    public async Task<T> CallAsync<T>(ObjectName? name, Func<AmazonS3Client, Patience, Task<T>> call, CancellationToken cancellationToken)
    {
        using var patience = new Patience(Options.Patience, cancellationToken);
        return await CallAsync(name, call, patience, cancellationToken);
    }

    /// <summary>The same with a patience that outlives the request: its answer is still to be read.</summary>
    public async Task<T> CallAsync<T>(ObjectName? name, Func<AmazonS3Client, Patience, Task<T>> call, Patience patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call(_client, patience);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (e is not StoreException && S3Errors.IsOne(e))
        {
            throw S3Errors.Of(e, Display, name);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private static AmazonS3Config Config(S3Options options, S3Http http)
    {
        var endpoint = options.Address.Endpoint;
        return new AmazonS3Config
        {
            ServiceURL = endpoint.GetLeftPart(UriPartial.Authority),
            IgnoreConfiguredEndpointUrls = true, // the address in the config is the one that is meant
            AuthenticationRegion = options.Region
                ?? Environment.GetEnvironmentVariable("AWS_REGION")
                ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION")
                ?? FallbackRegion,
            ForcePathStyle = options.PathStyle ?? !endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase),
            // Engines other than Amazon's refuse the newer checksums. Bodies are covered by their signature.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            // Tried again is by whoever knows whether the call may have taken effect.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            HttpClientFactory = http,
        };
    }
}
