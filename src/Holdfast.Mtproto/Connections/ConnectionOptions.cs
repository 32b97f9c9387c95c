namespace Holdfast.Mtproto.Connections;

/// <summary>The patience of a connection.</summary>
public sealed record ConnectionOptions
{
    /// <summary>How long opening a socket and, where needed, the key exchange may take.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After this long without a sign of life while an answer is owed, the server is asked for one; after as long again the connection is given up.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How often an idle connection says that it is there.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this long without an answer the server is asked whether it got the call.</summary>
    public TimeSpan InquireAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause between two attempts to connect. There is no number of attempts after which it stops.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the above is looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);
}
