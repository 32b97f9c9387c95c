using Holdfast.Mtproto.TestServer.Wire;

namespace Holdfast.Mtproto.TestServer.Faults;

/// <summary>What to do with one call.</summary>
internal enum CallFault
{
    None,
    /// <summary>The call is done, and the connection cut before the answer.</summary>
    CutAfter,
    /// <summary>The connection is cut before the call is looked at.</summary>
    CutBefore,
    /// <summary>The call is done, and its answer lost though the line holds.</summary>
    LoseAnswer,
    /// <summary>The answer comes twice.</summary>
    RepeatAnswer,
    /// <summary>Nothing more is heard or said on the line, but it stays open.</summary>
    HalfOpen,
}

/// <summary>What to do with an update on its way to a client.</summary>
internal enum PushFault
{
    None,
    Lose,
    Repeat,
    /// <summary>Held back until the next one has gone.</summary>
    Delay,
}

/// <summary>Troubles on demand. Everything is off until a test turns it on.</summary>
internal sealed class ServerFaults
{
    /// <summary>Asked before every call: an error to answer with, or null.</summary>
    public Func<string, ServerSession, RpcFault?>? Refuse { get; set; }

    /// <summary>Asked for every call.</summary>
    public Func<string, ServerSession, CallFault>? OnCall { get; set; }

    /// <summary>Asked for every pushed update.</summary>
    public Func<PushFault>? OnPush { get; set; }

    /// <summary>How long a call takes.</summary>
    public Func<string, TimeSpan>? Delay { get; set; }

    /// <summary>Asked for every part sent: true spoils a byte of it.</summary>
    public Func<long, bool>? SpoilPart { get; set; }

    public bool LoseAcks { get; set; }

    /// <summary>Answers longer than this are packed.</summary>
    public int PackAbove { get; set; } = int.MaxValue;

    /// <summary>Answers travel in a container together with an acknowledgement.</summary>
    public bool Containers { get; set; }

    public HandshakeFaults Handshake { get; } = new();

    /// <summary>Calls of a method in a span of time; more are answered with FLOOD_WAIT.</summary>
    public Dictionary<string, (int Count, TimeSpan Span)> Limits { get; } = [];
}
