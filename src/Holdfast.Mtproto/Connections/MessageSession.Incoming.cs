using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.Connections;

/// <summary>What the server says (https://core.telegram.org/mtproto/service_messages).</summary>
internal sealed partial class MessageSession
{
    private const uint RpcResultId = 0xf35c6d01;
    private const uint RpcErrorId = 0x2144ca19;
    private const int MaxNesting = 4;
    private const int PatientInquiries = 3;
    private const int MaxInquiries = 9;
    private static readonly TimeSpan MaxAhead = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxBehind = TimeSpan.FromSeconds(300);

    /// <summary>Takes one decrypted message.</summary>
    /// <exception cref="TlException">It is not what the schema says.</exception>
    public void Receive(MessageHead head, ReadOnlySpan<byte> body)
    {
        // A message of an earlier session of this key may still be under way.
        lock (_gate)
        {
            if (head.SessionId != _sessionId) return;
        }
        Receive(head.MessageId, head.SequenceNumber, body, 0);
    }

    private void Receive(long id, int number, ReadOnlySpan<byte> body, int depth)
    {
        if (depth > MaxNesting) throw new TlException("Messages nest too deep.");
        var r = new TlReader(body);
        if (r.PeekUInt32() == ContainerId)
        {
            ReceiveContainer(ref r, depth);
            return;
        }
        if (!Accept(id, number, r.PeekUInt32())) return;
        Understand(id, body, depth);
    }

    private void ReceiveContainer(ref TlReader r, int depth)
    {
        r.UInt32();
        var count = r.Int32();
        for (var i = 0; i < count; i++)
        {
            var id = r.Int64();
            var number = r.Int32();
            Receive(id, number, r.Take(r.Int32()), depth + 1);
        }
    }

    /// <summary>Whether the message is new, from a server, and of now.</summary>
    private bool Accept(long id, int number, uint constructor)
    {
        if ((id & 1) == 0) throw new TlException("A message from the server bears a client's id.");
        lock (_gate)
        {
            if ((number & 1) != 0)
            {
                _acks.Add(id);
                if (_acks.Count >= AcksAtOnce) _flushAcks = true;
            }
            if (!_received.Add(id)) return false;
        }
        // Complaints about the time come while the clock is wrong; each is matched with a message of ours.
        if (constructor is 0xa7eff811 or 0xedab447b) return true;
        var age = server.Clock.Now - ServerClock.TimeOf(id);
        return age <= MaxBehind && age >= -MaxAhead;
    }

    private void Understand(long id, ReadOnlySpan<byte> body, int depth)
    {
        var r = new TlReader(body);
        var constructor = r.UInt32();
        switch (constructor)
        {
            case Gzip.Id:
                Understand(id, Gzip.Unpack(r.BytesSpan()), depth + 1);
                return;
            case RpcResultId:
                Answer(r.Int64(), ref r);
                return;
        }
        if (ServiceConstructors.TryReadBody(constructor, ref r) is { } service) Obey(id, service);
        else Push(body);
    }

    private void Push(ReadOnlySpan<byte> body)
    {
        UpdatesBase? updates = null;
        try
        {
            var r = new TlReader(body);
            updates = UpdatesBase.ReadFrom(ref r);
        }
        catch (TlException)
        {
            // Not readable means not seen: the listener will ask for the difference.
        }
        Pushed?.Invoke(updates);
    }

    private void Answer(long requestId, ref TlReader r)
    {
        PendingCall? call;
        lock (_gate)
        {
            // The answer may overtake the decision to send the call again. It must not be lost: once acknowledged it is not repeated.
            if (!_sent.TryGetValue(requestId, out call)) call = _queue.FirstOrDefault(c => c.MessageId == requestId);
            if (call is null) return;
        }
        if (r.PeekUInt32() == Gzip.Id)
        {
            r.UInt32();
            var unpacked = new TlReader(Gzip.Unpack(r.BytesSpan()));
            Answer(call, ref unpacked);
        }
        else
        {
            Answer(call, ref r);
        }
    }

    private void Answer(PendingCall call, ref TlReader r)
    {
        var error = r.PeekUInt32() == RpcErrorId ? RpcError.ReadFrom(ref r) : null;
        lock (_gate)
        {
            if (error?.ErrorMessage is "CONNECTION_NOT_INITED" or "CONNECTION_LAYER_INVALID")
            {
                _isIntroduced = false;
                _queue.Remove(call);
                SendAgain(call, underNewId: true);
                Wake.Set();
                return;
            }
            _sent.Remove(call.MessageId);
            _queue.Remove(call);
            _isIntroduced = true;
        }
        if (error is null) call.Complete(ref r);
        else call.Fail(RpcException.Create(error.ErrorCode, error.ErrorMessage, call.Method));
    }

    private void Obey(long id, ITlObject message)
    {
        switch (message)
        {
            case BadServerSalt bad:
                server.Salt = bad.NewServerSalt;
                Refused(bad.BadMsgId);
                break;
            case BadMsgNotification bad:
                Obey(id, bad);
                break;
            case NewSessionCreated created:
                server.Salt = created.ServerSalt;
                Lost(created.FirstMsgId);
                Pushed?.Invoke(null);
                break;
            case FutureSalts salts:
                server.Learn(salts);
                break;
            case MsgsStateInfo info:
                Learn(info);
                break;
            case MsgDetailedInfo info:
                Fetch(info.AnswerMsgId, info.MsgId);
                break;
            case MsgNewDetailedInfo info:
                Fetch(info.AnswerMsgId, null);
                break;
            case MsgResendReq request:
                Resend(request.MsgIds);
                break;
        }
    }

    private void Obey(long id, BadMsgNotification bad)
    {
        switch (bad.ErrorCode)
        {
            case 16:
                server.Clock.SetServerTime(ServerClock.TimeOf(id));
                Refused(bad.BadMsgId);
                break;
            case 17:
                // Our ids were ahead of the server's time, and ids of one session only grow: another session.
                server.Clock.SetServerTime(ServerClock.TimeOf(id));
                server.Clock.ForgetLastId();
                Restart();
                break;
            case 32 or 33 or 34 or 35 or 18 or 19:
                Restart();
                break;
            default:
                Refused(bad.BadMsgId);
                break;
        }
    }

    private void Restart()
    {
        lock (_gate) StartAnew();
        Wake.Set();
    }

    /// <summary>The server did not take a message or a container: what was in it goes again under new ids.</summary>
    private void Refused(long badId)
    {
        lock (_gate)
        {
            var ids = _containers.Remove(badId, out var inner) ? inner : [badId];
            foreach (var refused in ids.Reverse())
            {
                if (_sent.TryGetValue(refused, out var call)) SendAgain(call, underNewId: true);
                else if (_inquiries.Remove(refused, out var calls)) Inquire(calls);
            }
        }
        Wake.Set();
    }

    /// <summary>The server knows nothing of this session before a message: earlier ones were lost with its memory.</summary>
    private void Lost(long firstKnown)
    {
        lock (_gate)
        {
            // The first known one may be a container that is younger than what is in it.
            foreach (var call in _sent.Values.Where(c => c.PacketId < firstKnown).OrderByDescending(c => c.MessageId).ToList())
                SendAgain(call, underNewId: true);
        }
        Wake.Set();
    }

    private void Learn(MsgsStateInfo info)
    {
        lock (_gate)
        {
            if (!_inquiries.Remove(info.ReqMsgId, out var calls)) return;
            for (var i = calls.Length - 1; i >= 0; i--)
                if (i < info.Info.Length && _sent.ContainsKey(calls[i].MessageId)) Learn(calls[i], info.Info.Span[i]);
        }
        Wake.Set();
    }

    private void Learn(PendingCall call, byte state)
    {
        const byte Known = 4;
        switch (state & 7)
        {
            case 1:
                SendAgain(call, underNewId: true);
                break;
            case 2 or 3:
                SendAgain(call, underNewId: false);
                break;
            case Known when call.Inquiries >= PatientInquiries:
                // It has the call and its answer keeps getting lost: the same message once more makes it answer again.
                // If not even that helps for long, the call is made anew.
                SendAgain(call, underNewId: call.Inquiries >= MaxInquiries);
                break;
        }
    }

    private void Fetch(long answerId, long? requestId)
    {
        bool isWanted;
        lock (_gate)
        {
            isWanted = requestId is not { } id || _sent.ContainsKey(id);
            if (!isWanted)
            {
                _acks.Add(answerId);
                _flushAcks = true;
            }
        }
        if (isWanted) Say(new MsgResendReq { MsgIds = [answerId] });
        else Wake.Set();
    }

    private void Resend(long[] ids)
    {
        lock (_gate)
        {
            foreach (var id in ids)
                if (_sent.TryGetValue(id, out var call)) SendAgain(call, underNewId: false);
        }
        Wake.Set();
    }
}
