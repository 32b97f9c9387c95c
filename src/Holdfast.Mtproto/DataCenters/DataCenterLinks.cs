using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.DataCenters;

/// <summary>The client's keys and connections, by data centre.</summary>
internal sealed class DataCenterLinks : IAsyncDisposable
{
    private readonly TelegramOptions _options;
    private readonly ConnectionSettings _settings;
    private readonly Dictionary<int, DataCenterState> _states = [];
    private readonly Dictionary<int, Connection> _mains = [];
    private readonly AddressBook _addresses;
    private readonly SemaphoreSlim _authorizing = new(1);
    private readonly Lock _gate = new();

    public DataCenterLinks(TelegramOptions options, Action<ClientEvent> report, SessionState saved)
    {
        _options = options;
        _settings = new ConnectionSettings(options.Network.Keys, options.Transport, options.Connections, options.Identity, options.Time, report);
        _addresses = new AddressBook(options.Network, saved.Addresses ?? []);
        // A key whose data centre has no address any more cannot be used; it is made anew should the address come back.
        foreach (var key in saved.Keys.Where(k => _addresses.Knows(k.DataCenter)))
        {
            var state = StateOf(key.DataCenter);
            state.Key = new AuthKey(key.Key);
            state.Salt = key.Salt;
            state.IsAuthorized = key.IsAuthorized;
        }
    }

    public Action? Changed { get; set; }

    public Action<UpdatesBase?>? Pushed { get; set; }

    /// <summary>The connection that calls go over.</summary>
    public Connection Main(int dataCenter)
    {
        var state = StateOf(dataCenter);
        lock (_gate)
        {
            if (_mains.TryGetValue(dataCenter, out var known)) return known;
            var connection = new Connection(state, _settings, keepAlive: true) { Pushed = u => Pushed?.Invoke(u) };
            return _mains[dataCenter] = connection;
        }
    }

    /// <summary>A further connection on the same key, for files.</summary>
    public Connection NewTransfer(int dataCenter) => new(StateOf(dataCenter), _settings, keepAlive: false);

    /// <summary>The addresses that are known, the preferred one first.</summary>
    public IReadOnlyList<DataCenter> AddressesOf(int dataCenter) => _addresses.Of(dataCenter);

    /// <summary>Asks for a data centre that is not known yet.</summary>
    public async Task FindAsync(int dataCenter, int home, CancellationToken ct)
    {
        if (!_addresses.Knows(dataCenter)) Learn((await Main(home).CallAsync(new HelpGetConfig(), ct)).DcOptions);
    }

    /// <summary>Telegram said where its data centres listen.</summary>
    public void Learn(IEnumerable<DcOption> options)
    {
        if (_addresses.Learn(options)) Changed?.Invoke();
    }

    public List<SavedAddress> SaveAddresses() => _addresses.Save();

    /// <summary>Sees to it that the account is logged in at another data centre than its own.</summary>
    public async Task AuthorizeAsync(int dataCenter, int home, CancellationToken ct)
    {
        await FindAsync(dataCenter, home, ct);
        if (dataCenter == home || StateOf(dataCenter).IsAuthorized) return;
        await _authorizing.WaitAsync(ct);
        try
        {
            if (!StateOf(dataCenter).IsAuthorized) await ImportAsync(dataCenter, home, ct);
        }
        finally
        {
            _authorizing.Release();
        }
    }

    /// <summary>Logs in again where the data centre no longer knows the login it once took over.</summary>
    /// <param name="dataCenter">Not the account's own.</param>
    /// <param name="home">The account's own.</param>
    /// <param name="seen">How often it had been logged in when the call was made that was refused; calls refused together cost one login.</param>
    /// <param name="ct">Gives up.</param>
    public async Task AuthorizeAgainAsync(int dataCenter, int home, int seen, CancellationToken ct)
    {
        await _authorizing.WaitAsync(ct);
        try
        {
            if (StateOf(dataCenter).Logins == seen) await ImportAsync(dataCenter, home, ct);
        }
        finally
        {
            _authorizing.Release();
        }
    }

    private async Task ImportAsync(int dataCenter, int home, CancellationToken ct)
    {
        var exported = await Main(home).CallAsync(new AuthExportAuthorization { DcId = dataCenter }, ct);
        // Not the main connection's business to stay: one call, over a connection that closes when idle.
        await using var connection = NewTransfer(dataCenter);
        await connection.CallAsync(new AuthImportAuthorization { Id = exported.Id, Bytes = exported.Bytes }, ct);
        SetAuthorized(dataCenter);
    }

    public void SetAuthorized(int dataCenter)
    {
        var state = StateOf(dataCenter);
        state.IsAuthorized = true;
        state.Logins++;
        Changed?.Invoke();
    }

    public void ForgetAuthorizations()
    {
        lock (_gate)
        {
            foreach (var state in _states.Values) state.IsAuthorized = false;
        }
    }

    public List<SavedKey> Save()
    {
        lock (_gate)
            return [.. _states.Values.Where(s => s.Key is not null).Select(s => new SavedKey(s.DataCenter.Id, s.Key!.Bytes, s.Salt, s.IsAuthorized))];
    }

    public async ValueTask DisposeAsync()
    {
        List<Connection> connections;
        lock (_gate) connections = [.. _mains.Values];
        foreach (var connection in connections) await connection.DisposeAsync();
        foreach (var state in _states.Values) state.Dispose();
        _authorizing.Dispose();
    }

    private DataCenterState StateOf(int dataCenter)
    {
        lock (_gate)
        {
            if (_states.TryGetValue(dataCenter, out var known)) return known;
            var state = new DataCenterState(() => _addresses.Of(dataCenter), new ServerClock(_options.Time));
            state.Changed += () => Changed?.Invoke();
            return _states[dataCenter] = state;
        }
    }
}
