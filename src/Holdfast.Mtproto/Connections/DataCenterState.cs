using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.KeyExchange;

namespace Holdfast.Mtproto.Connections;

/// <summary>What all connections to one data centre share: its key, the salt of the moment, its clock.</summary>
internal sealed class DataCenterState(DataCenter dataCenter, ServerClock clock) : IDisposable
{
    private long _salt;

    public DataCenter DataCenter { get; set; } = dataCenter;

    public ServerClock Clock => clock;

    public AuthKey? Key { get; set; }

    /// <summary>Whether the key is logged in here.</summary>
    public bool IsAuthorized { get; set; }

    /// <summary>How often it was logged in here by this client.</summary>
    public int Logins { get; set; }

    public long Salt
    {
        get => Interlocked.Read(ref _salt);
        set
        {
            if (Interlocked.Exchange(ref _salt, value) != value) Changed?.Invoke();
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
        Salt = exchanged.Salt;
        Changed?.Invoke();
    }

    public void Dispose() => KeyGate.Dispose();
}
