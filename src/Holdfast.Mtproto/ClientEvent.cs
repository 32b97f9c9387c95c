using Holdfast.Mtproto.DataCenters;

namespace Holdfast.Mtproto;

/// <summary>Something a person who waits may want to know.</summary>
public abstract record ClientEvent
{
    private ClientEvent()
    {
    }

    /// <summary>A connection works, for the first time or again.</summary>
    /// <param name="DataCenter">With whom.</param>
    public sealed record Connected(DataCenter DataCenter) : ClientEvent;

    /// <summary>A connection broke and will be opened again.</summary>
    /// <param name="DataCenter">With whom.</param>
    /// <param name="Pause">How long until the next attempt.</param>
    /// <param name="Reason">What happened.</param>
    public sealed record Reconnecting(DataCenter DataCenter, TimeSpan Pause, string Reason) : ClientEvent;

    /// <summary>Telegram asked to wait, and the client does.</summary>
    /// <param name="Method">The call that waits.</param>
    /// <param name="Pause">How long.</param>
    /// <param name="Error">Telegram's word for it, for example <c>FLOOD_WAIT_30</c>.</param>
    public sealed record Waiting(string Method, TimeSpan Pause, string Error) : ClientEvent;

    /// <summary>The account lives in another data centre; the client moves there.</summary>
    /// <param name="DataCenter">Where to.</param>
    public sealed record Migrated(DataCenter DataCenter) : ClientEvent;
}
