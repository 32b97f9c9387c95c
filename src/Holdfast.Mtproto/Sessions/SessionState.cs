using System.Text.Json.Serialization;

namespace Holdfast.Mtproto.Sessions;

/// <summary>What a client has to remember: with it alone anyone is logged in.</summary>
internal sealed record SessionState
{
    public int Version { get; init; } = 1;

    public int HomeDataCenter { get; set; }

    public long UserId { get; set; }

    public bool IsBot { get; set; }

    public List<SavedKey> Keys { get; init; } = [];

    /// <summary>Addresses that Telegram named; null in sessions of earlier versions.</summary>
    public List<SavedAddress>? Addresses { get; init; }

    public UpdatePosition? Updates { get; set; }
}

/// <summary>Where a data centre listens.</summary>
internal sealed record SavedAddress(int DataCenter, string Host, int Port);

/// <summary>The key of one data centre.</summary>
internal sealed record SavedKey(int DataCenter, byte[] Key, long Salt, bool IsAuthorized);

/// <summary>How far updates were followed.</summary>
internal sealed record UpdatePosition
{
    public int Pts { get; set; }

    public int Qts { get; set; }

    public int Date { get; set; }

    public int Seq { get; set; }

    public Dictionary<long, ChannelPosition> Channels { get; init; } = [];

    /// <summary>Items of an unfinished difference that the listener has dealt with.</summary>
    public List<string> Delivered { get; init; } = [];
}

/// <summary>How far one channel was followed, and the hash it is asked for with.</summary>
internal sealed record ChannelPosition(int Pts, long AccessHash);

[JsonSerializable(typeof(SessionState))]
internal sealed partial class SessionJson : JsonSerializerContext;
