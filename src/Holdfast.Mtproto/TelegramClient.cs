using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Files;
using Holdfast.Mtproto.Login;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Feed;

namespace Holdfast.Mtproto;

/// <summary>
/// A client of Telegram: typed calls, logins, files over several connections, and updates without gaps.
/// It connects at the first call, stays connected, and mends broken connections by itself. Safe for several threads.
/// </summary>
public sealed class TelegramClient : IAsyncDisposable
{
    private const int MaxMigrations = 4;
    private readonly TelegramOptions _options;
    private readonly CallPolicy _policy;
    private readonly DataCenterLinks _links;
    private readonly SessionState _state;
    private readonly SessionSaver _saver;
    private readonly Lock _gate = new();
    private bool _isDisposed;

    private TelegramClient(TelegramOptions options, ISessionStore store, SessionState state)
    {
        _options = options;
        _state = state;
        Action<ClientEvent> report = options.OnEvent ?? (static _ => { });
        _policy = new CallPolicy(options.Time, report);
        _links = new DataCenterLinks(options, report, state);
        _saver = new SessionSaver(store, Capture);
        _links.Changed = _saver.MarkDirty;
        Login = new LoginFlow(this, options);
        Files = new FileTransfers(this, _links, _policy, options);
        Updates = new UpdateFeed(this, options.Time, state.Updates, _saver.MarkDirty);
        _links.Pushed = OnPushed;
    }

    /// <summary>Logging in and out.</summary>
    public LoginFlow Login { get; }

    /// <summary>Uploads and downloads.</summary>
    public FileTransfers Files { get; }

    /// <summary>What happens in the account's chats.</summary>
    public UpdateFeed Updates { get; }

    /// <summary>The account that is logged in, or null.</summary>
    public long? UserId
    {
        get { lock (_gate) return _state.UserId == 0 ? null : _state.UserId; }
    }

    /// <summary>Whether the account is a bot; bots may not read histories or search.</summary>
    public bool IsBot
    {
        get { lock (_gate) return _state.IsBot; }
    }

    internal int HomeDataCenter
    {
        get { lock (_gate) return _state.HomeDataCenter; }
    }

    /// <summary>Opens a session, a new one or the one that was saved. Nothing is sent yet.</summary>
    /// <param name="options">What the client needs to know.</param>
    /// <param name="store">Where the session is kept; it stays the caller's to dispose of, after the client.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotSupportedException">The proxy's secret asks for imitated TLS.</exception>
    /// <exception cref="FormatException">The proxy's secret is none.</exception>
    public static async Task<TelegramClient> OpenAsync(TelegramOptions options, ISessionStore store, CancellationToken cancellationToken = default)
    {
        (options.Transport.Proxy as Transport.MtprotoProxy)?.Check();
        var state = await SessionSaver.LoadAsync(store, cancellationToken) ?? new SessionState { HomeDataCenter = options.Network.DataCenters[0].Id };
        return new TelegramClient(options, store, state);
    }

    /// <summary>
    /// Makes a call. Broken connections are mended and waits up to <see cref="TelegramOptions.MaxWait"/> slept through; moving to the account's data centre is done without a word.
    /// </summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="method">The call.</param>
    /// <param name="cancellationToken">Gives up at once; the server is told.</param>
    /// <exception cref="RpcException">Telegram refused.</exception>
    /// <exception cref="SessionLostException">The login is gone.</exception>
    /// <exception cref="WaitException">Telegram asks for more patience than was allowed.</exception>
    public async Task<T> CallAsync<T>(ITlMethod<T> method, CancellationToken cancellationToken = default)
    {
        for (var migrations = 0; ; migrations++)
        {
            try
            {
                var connection = _links.Main(HomeDataCenter);
                var answer = await _policy.RunAsync(method.Method, _options.MaxWait, () => connection.CallAsync(method, cancellationToken), cancellationToken);
                if (answer is UpdatesBase updates) Updates.OnAnswered(updates);
                return answer;
            }
            catch (MigrateException e) when (migrations < MaxMigrations && e.Kind is "PHONE_MIGRATE_X" or "USER_MIGRATE_X" or "NETWORK_MIGRATE_X")
            {
                await MoveAsync(e.DataCenter, cancellationToken);
            }
            catch (SessionLostException e) when (e.Error != "AUTH_KEY_UNREGISTERED" || UserId is not null)
            {
                Forget();
                throw;
            }
        }
    }

    /// <summary>Begins a takeout: calls inside it have wider limits, for bulk export.</summary>
    /// <param name="request">What is going to be exported.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WaitException">Telegram wants the owner to confirm first (<c>TAKEOUT_INIT_DELAY</c>); go on without a takeout, or later.</exception>
    public async Task<TakeoutSession> BeginTakeoutAsync(AccountInitTakeoutSession request, CancellationToken cancellationToken = default) =>
        new(this, (await CallAsync(request, cancellationToken)).Id);

    /// <summary>Saves the session and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        await Updates.DisposeAsync();
        await Files.DisposeAsync();
        await _links.DisposeAsync();
        await _saver.DisposeAsync();
    }

    internal async Task EnterAsync(UserBase user, CancellationToken ct)
    {
        lock (_gate)
        {
            if (user is not User { Id: var id, Bot: var isBot }) throw new TlException("The login names no user.");
            _state.UserId = id;
            _state.IsBot = isBot;
        }
        _links.SetAuthorized(HomeDataCenter);
        // The login is what must not be lost, so it is saved before anything else is asked.
        await _saver.SaveAsync(ct);
        await LearnAddressesAsync(ct);
    }

    private async Task LearnAddressesAsync(CancellationToken ct)
    {
        try
        {
            _links.Learn((await CallAsync(new HelpGetConfig(), ct)).DcOptions);
        }
        catch (Exception e) when (e is RpcException or TlException)
        {
            // The addresses that led here do for now.
        }
    }

    private void OnPushed(UpdatesBase? updates)
    {
        foreach (var update in updates switch
        {
            UpdateShort one => [one.Update],
            Tl.Updates many => many.UpdatesValue,
            UpdatesCombined many => many.Updates,
            _ => [],
        })
        {
            if (update is UpdateDcOptions news) _links.Learn(news.DcOptions);
        }
        Updates.OnPushed(updates);
    }

    internal async Task LeaveAsync(CancellationToken ct)
    {
        Forget();
        await _saver.SaveAsync(ct);
    }

    internal IReadOnlyList<DataCenter> AddressesOf(int dataCenter) => _links.AddressesOf(dataCenter);

    internal async Task MoveAsync(int dataCenter, CancellationToken ct)
    {
        await _links.FindAsync(dataCenter, HomeDataCenter, ct);
        lock (_gate) _state.HomeDataCenter = dataCenter;
        _options.OnEvent?.Invoke(new ClientEvent.Migrated(_links.AddressesOf(dataCenter)[0]));
        await _saver.SaveAsync(CancellationToken.None);
    }

    private void Forget()
    {
        lock (_gate)
        {
            _state.UserId = 0;
            _state.IsBot = false;
        }
        _links.ForgetAuthorizations();
        Updates.Forget();
        _saver.MarkDirty();
    }

    private SessionState Capture()
    {
        lock (_gate) return _state with { Keys = _links.Save(), Addresses = _links.SaveAddresses(), Updates = Updates.Save() };
    }
}
