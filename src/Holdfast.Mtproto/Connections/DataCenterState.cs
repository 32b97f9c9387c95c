using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.Connections;

/// <summary>What all connections to one data centre share: its address, its key, its salts, its clock.</summary>
/// <param name="addresses">Gives the addresses known at the moment, at least one, the preferred one first.</param>
/// <param name="clock">Its time.</param>
internal sealed class DataCenterState(Func<IReadOnlyList<DataCenter>> addresses, ServerClock clock) : IDisposable
{
    private readonly SaltBook _salts = new();
    private readonly Lock _gate = new();

    /// <summary>Where it is looked for.</summary>
    public DataCenter DataCenter { get; private set; } = addresses()[0];

    public ServerClock Clock => clock;

    public AuthKey? Key { get; set; }

    /// <summary>Whether the key is logged in here.</summary>
    public bool IsAuthorized { get; set; }

    /// <summary>How often it was logged in here by this client.</summary>
    public int Logins { get; set; }

    public long Salt
    {
        get => _salts.At(Now);
        set
        {
            if (_salts.Set(value)) Changed?.Invoke();
        }
    }

    /// <summary>Whether it is time to ask for the salts that follow; said to one connection.</summary>
    public bool MustAskForSalts => _salts.MustAsk(Now);

    private long Now => clock.Now.ToUnixTimeSeconds();

    public void Learn(FutureSalts salts) => _salts.Learn(salts);

    /// <summary>Nobody answered there: the next address that is known is tried. Connections that fail together move on by one.</summary>
    public void GiveUp(DataCenter failed)
    {
        lock (_gate)
        {
            if (DataCenter != failed) return;
            var all = addresses();
            var at = all.ToList().IndexOf(failed);
            DataCenter = all[(at + 1) % all.Count];
        }
    }

    /// <summary>Only one connection makes the key.</summary>
    public SemaphoreSlim KeyGate { get; } = new(1);

    /// <summary>Something to be saved has changed.</summary>
    public event Action? Changed;

    public void Accept(ExchangedKey exchanged)
    {
        Key = exchanged.Key;
        IsAuthorized = false;
        clock.SetServerTime(DateTimeOffset.FromUnixTimeSeconds(exchanged.ServerTime));
        _salts.Reset(exchanged.Salt);
        Changed?.Invoke();
    }

    public void Dispose() => KeyGate.Dispose();
}
