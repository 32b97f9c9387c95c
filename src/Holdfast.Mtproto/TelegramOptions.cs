using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto;

/// <summary>What a client needs to know.</summary>
public sealed record TelegramOptions
{
    /// <summary>The application's number from my.telegram.org, and how the program introduces itself.</summary>
    public required ClientIdentity Identity { get; init; }

    /// <summary>The application's hash from my.telegram.org. A secret.</summary>
    public required string ApiHash { get; init; }

    /// <summary>Telegram itself unless said otherwise.</summary>
    public TelegramNetwork Network { get; init; } = TelegramNetwork.Production;

    /// <summary>Framing, disguise, proxy.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>Timeouts of connections.</summary>
    public ConnectionOptions Connections { get; init; } = new();

    /// <summary>When Telegram says "wait", waits up to this long are slept through; longer ones are thrown as <see cref="Calls.WaitException"/>.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most connections that move files at a time. The client starts with one and takes more while that pays.</summary>
    public int MaxTransferConnections { get; init; } = 8;

    /// <summary>Told of waits, broken connections and the like; called from several threads and not to be blocked.</summary>
    public Action<ClientEvent>? OnEvent { get; init; }

    /// <summary>The clock and the timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
