using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Stores.Decorators;
using Holdfast.Stores.Disk;
using Holdfast.Stores.Retrying;
using Holdfast.Stores.S3;

namespace Holdfast.Stores.Opening;

/// <summary>From a location and what the config says of it to an open store, with everything in front of it that it needs.</summary>
/// <param name="location">An absolute path, or <c>s3:https://HOST/BUCKET/PREFIX</c>.</param>
/// <param name="options">The block <c>store</c> of the job.</param>
/// <param name="time">Whose time is waited.</param>
public sealed class StoreOpening(string location, StoreOptions options, TimeProvider time)
{
    private readonly Backoff _backoff = new() { Tries = options.Tries ?? new Backoff().Tries, Time = time };

    /// <summary>As in a target string.</summary>
    public string Location => location;

    /// <summary>True for a location that is no folder of this machine.</summary>
    public static bool IsRemote(string location) => location.StartsWith(S3Address.Scheme, StringComparison.Ordinal);

    /// <summary>Opens a store that must be there.</summary>
    /// <exception cref="StoreException">It is not there, or cannot be reached.</exception>
    /// <exception cref="HoldfastException">The location or what it needs (keys, certificates) is wrong or missing.</exception>
    public Task<IStore> OpenAsync(CancellationToken cancellationToken) => OpenAsync(create: false, cancellationToken);

    /// <summary>Opens a store, making its folder or bucket where missing.</summary>
    /// <exception cref="StoreException">It cannot be made or reached.</exception>
    /// <exception cref="HoldfastException">The location or what it needs (keys, certificates) is wrong or missing.</exception>
    public Task<IStore> CreateAsync(CancellationToken cancellationToken) => OpenAsync(create: true, cancellationToken);

    private async Task<IStore> OpenAsync(bool create, CancellationToken cancellationToken)
    {
        if (location.StartsWith('/'))
            return Limited(create ? DiskStore.Create(location) : DiskStore.Open(location));
        if (!IsRemote(location))
            throw new HoldfastException(ErrorKind.Usage, $"'{location}' is no store that this version knows.", "Write a path, or s3:https://HOST/BUCKET/PREFIX.");
        var s3 = Options();
        var store = await _backoff.RunAsync(_ => create ? S3Store.CreateAsync(s3, cancellationToken) : S3Store.OpenAsync(s3, cancellationToken), cancellationToken);
        return new RetryingStore(Limited(store), _backoff);
    }

    // Below the retries: what is sent again is sent at the same pace.
    private IStore Limited(IStore store) =>
        options is { UploadLimit: null, DownloadLimit: null } ? store : new ThrottledStore(store, options.UploadLimit, options.DownloadLimit, time);

    private S3Options Options()
    {
        try
        {
            var s3 = new S3Options
            {
                Address = S3Address.Parse(location),
                Profile = options.Profile,
                CredentialsFile = options.CredentialsFile,
                Region = options.Region,
                CaFile = options.CaFile,
                PathStyle = options.PathStyle,
                StorageClass = options.StorageClass,
                Backoff = _backoff,
            };
            return options.Connections is { } connections ? s3 with { Connections = connections } : s3;
        }
        catch (FormatException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"{e.Message}.", inner: e);
        }
    }
}
