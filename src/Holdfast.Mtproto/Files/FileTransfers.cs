using System.Collections.Concurrent;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Tl;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Mtproto.Files;

/// <summary>Uploads and downloads, over as many connections as pay, with bounded memory, and resumable part by part.</summary>
public sealed class FileTransfers : IAsyncDisposable
{
    private readonly TelegramClient _client;
    private readonly DataCenterLinks _links;
    private readonly CallPolicy _policy;
    private readonly TelegramOptions _options;
    private readonly ConcurrentDictionary<int, TransferPool> _pools = new();

    internal FileTransfers(TelegramClient client, DataCenterLinks links, CallPolicy policy, TelegramOptions options)
    {
        _client = client;
        _links = links;
        _policy = policy;
        _options = options;
    }

    /// <summary>How many connections there are for files at the moment.</summary>
    public int Connections => _pools.Values.Sum(p => p.Connections);

    /// <summary>Uploads a file. What comes back is good for one message, within some hours.</summary>
    /// <param name="source">The bytes, from the stream's position to its end; it need not be able to seek.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="options">Limits, progress, and where to go on.</param>
    /// <param name="cancellationToken">Gives up; parts that arrived stay usable for some hours.</param>
    /// <exception cref="EmptyFileException">There are no bytes.</exception>
    /// <exception cref="FileTooLargeException">There are too many.</exception>
    public Task<InputFileBase> UploadAsync(Stream source, string name, UploadOptions? options = null, CancellationToken cancellationToken = default) =>
        new Uploader(this, source, name, options ?? new UploadOptions()).RunAsync(cancellationToken);

    /// <summary>
    /// Uploads a file and makes a call with it. Parts that Telegram lost meanwhile are sent again; when all of them expired, the whole file is.
    /// </summary>
    /// <typeparam name="T">The call's answer.</typeparam>
    /// <param name="source">The bytes. Sending again needs a stream that can seek.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="call">Makes the call, for example <c>messages.sendMedia</c>. It may be asked more than once.</param>
    /// <param name="options">Limits, progress, and where to go on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<T> SendAsync<T>(Stream source, string name, Func<InputFileBase, ITlMethod<T>> call, UploadOptions? options = null, CancellationToken cancellationToken = default) =>
        new Uploader(this, source, name, options ?? new UploadOptions()).SendAsync(call, _client, cancellationToken);

    /// <summary>Downloads into a file, parts in any order.</summary>
    /// <param name="source">What to download.</param>
    /// <param name="target">Open for writing.</param>
    /// <param name="options">Checks, progress, and where to go on.</param>
    /// <param name="cancellationToken">Gives up; parts that were written stay.</param>
    /// <exception cref="FileCorruptException">The bytes that come are not those of the file.</exception>
    /// <exception cref="FileReferenceExpiredException">The reference expired and the source has no way to a new one.</exception>
    public Task DownloadAsync(FileSource source, SafeFileHandle target, DownloadOptions? options = null, CancellationToken cancellationToken = default) =>
        new Downloader(this, source, new HandleSink(target), options ?? new DownloadOptions()).RunAsync(cancellationToken);

    /// <summary>Downloads into a stream that need not be able to seek; parts are written in order.</summary>
    /// <param name="source">What to download.</param>
    /// <param name="target">Open for writing.</param>
    /// <param name="options">Checks, progress, and where to go on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileCorruptException">The bytes that come are not those of the file.</exception>
    /// <exception cref="FileReferenceExpiredException">The reference expired and the source has no way to a new one.</exception>
    public Task DownloadAsync(FileSource source, Stream target, DownloadOptions? options = null, CancellationToken cancellationToken = default) =>
        new Downloader(this, source, new StreamSink(target), options ?? new DownloadOptions()).RunAsync(cancellationToken);

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _pools.Values) await pool.DisposeAsync();
        _pools.Clear();
    }

    internal int Home => _client.HomeDataCenter;

    internal async Task<TransferPool> PoolAsync(int dataCenter, CancellationToken ct)
    {
        await _links.AuthorizeAsync(dataCenter, Home, ct);
        return _pools.GetOrAdd(dataCenter, dc => new TransferPool(() => _links.NewTransfer(dc), new LaneController(_options.MaxTransferConnections, _options.Time)));
    }

    internal async Task<T> CallAsync<T>(Connection connection, ITlMethod<T> method, CancellationToken ct)
    {
        var (dataCenter, logins) = (connection.Server.DataCenter.Id, connection.Server.Logins);
        try
        {
            return await SendAsync();
        }
        catch (SessionLostException e) when (e.Kind == "AUTH_KEY_UNREGISTERED" && dataCenter != Home)
        {
            // The login at home is the account's; at another data centre only a copy of it is gone.
            await _links.AuthorizeAgainAsync(dataCenter, Home, logins, ct);
            return await SendAsync();
        }

        Task<T> SendAsync() => _policy.RunAsync(method.Method, _options.MaxWait, () => connection.CallAsync(new WithoutUpdates<T>(method), ct), ct);
    }
}
