using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>A client's key on one data centre: logins belong to it.</summary>
internal sealed class KeyState(AuthKey key, int dataCenter, long salt)
{
    public AuthKey Key => key;

    public int DataCenter => dataCenter;

    public long Salt { get; set; } = salt;

    /// <summary>Taken for a while after the salt changed.</summary>
    public long OldSalt { get; set; } = salt;

    /// <summary>Salts that a client was told of and that begin later; without a question for them the salt stays.</summary>
    public List<FutureSalt> ComingSalts { get; } = [];

    /// <summary>Goes on to the salt of now; the one before it is taken too, earlier ones are not.</summary>
    public void Advance(long now)
    {
        lock (ComingSalts)
        {
            while (ComingSalts.Count > 0 && ComingSalts[0].ValidSince <= now)
            {
                (OldSalt, Salt) = (Salt, ComingSalts[0].Salt);
                ComingSalts.RemoveAt(0);
            }
        }
    }

    public Account? Account { get; set; }

    /// <summary>Said instead of answering: a session ended from elsewhere.</summary>
    public string? Refusal { get; set; }

    public LoginAttempt Login { get; } = new();

    public Dictionary<long, ServerSession> Sessions { get; } = [];
}

/// <summary>What a login has reached on a key.</summary>
internal sealed class LoginAttempt
{
    public string? PhoneCodeHash { get; set; }

    public Account? AwaitsPassword { get; set; }

    public System.Numerics.BigInteger SrpSecret { get; set; }

    public long SrpId { get; set; }

    public byte[]? QrToken { get; set; }
}

/// <summary>One MTProto session: it outlives connections, as the real one does.</summary>
internal sealed class ServerSession(KeyState key, long id)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, StoredAnswer> _answers = [];
    private readonly HashSet<long> _received = [];
    private int _sequence;

    public KeyState Key => key;

    public long Id => id;

    public ServerConnection? Connection { get; set; }

    public bool IsNew { get; set; } = true;

    /// <summary>Set by the first call that is wrapped in initConnection.</summary>
    public bool IsIntroduced { get; set; }

    /// <summary>Whether its calls came wrapped in invokeWithoutUpdates.</summary>
    public bool IsQuiet { get; set; }

    public int NextSequence(bool isContent)
    {
        lock (_gate) return isContent ? (_sequence++ * 2) + 1 : _sequence * 2;
    }

    /// <returns>False for a message that was received before.</returns>
    public bool Receive(long messageId)
    {
        lock (_gate) return _received.Add(messageId);
    }

    /// <summary>As if the message had never come.</summary>
    public void Forget(long messageId)
    {
        lock (_gate) _received.Remove(messageId);
    }

    /// <summary>A byte of msgs_state_info.</summary>
    public byte StateOf(long messageId)
    {
        lock (_gate)
        {
            if (!_received.Contains(messageId)) return 2;
            return (byte)(_answers.ContainsKey(messageId) ? 4 | 64 : 4 | 8);
        }
    }

    public void Store(StoredAnswer answer)
    {
        lock (_gate) _answers[answer.RequestId] = answer;
    }

    public StoredAnswer? AnswerTo(long requestId)
    {
        lock (_gate) return _answers.GetValueOrDefault(requestId);
    }

    public StoredAnswer? AnswerWithId(long messageId)
    {
        lock (_gate) return _answers.Values.FirstOrDefault(a => a.MessageId == messageId);
    }

    public StoredAnswer[] Unacknowledged()
    {
        lock (_gate) return [.. _answers.Values.OrderBy(a => a.MessageId)];
    }

    public void Acknowledge(IEnumerable<long> messageIds)
    {
        lock (_gate)
        {
            var ids = messageIds.ToHashSet();
            foreach (var answer in _answers.Values.Where(a => ids.Contains(a.MessageId)).ToList()) _answers.Remove(answer.RequestId);
        }
    }
}

/// <summary>An answer that is kept until the client says that it has it.</summary>
/// <param name="RequestId">The call.</param>
/// <param name="MessageId">Its own.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="Write">Writes its body, each time it is sent.</param>
internal sealed record StoredAnswer(long RequestId, long MessageId, int Sequence, Action<TlWriter> Write);
