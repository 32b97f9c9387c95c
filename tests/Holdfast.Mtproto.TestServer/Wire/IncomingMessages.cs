using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>The messages in one packet: service messages are answered, calls are started.</summary>
internal sealed class IncomingMessages(TelegramServer server, ServerConnection connection, ServerSession session)
{
    private const uint Container = 0x73f1f8dc;
    private const uint LegacyPing = 0x7abe77ec;
    private const int HalfAnHour = 1800;
    private readonly List<long> _acknowledged = [];

    public List<Action> Replies { get; } = [];

    public void Read(long id, int sequence, ReadOnlySpan<byte> body)
    {
        Take(id, sequence, body);
        if (_acknowledged.Count > 0 && !server.Faults.LoseAcks) Service(new MsgsAck { MsgIds = [.. _acknowledged] });
    }

    private void Take(long id, int sequence, ReadOnlySpan<byte> body)
    {
        var r = new TlReader(body);
        switch (r.PeekUInt32())
        {
            case Container:
                r.UInt32();
                var count = r.Int32();
                for (var i = 0; i < count; i++)
                {
                    var innerId = r.Int64();
                    var innerSequence = r.Int32();
                    Take(innerId, innerSequence, r.Take(r.Int32()));
                }
                return;
            case Gzip.Id:
                r.UInt32();
                Take(id, sequence, Gzip.Unpack(r.BytesSpan()));
                return;
        }
        if ((sequence & 1) != 0) _acknowledged.Add(id);
        if (!session.Receive(id))
        {
            server.CountRepeated();
            server.Log($"message {id} came again");
            if (session.AnswerTo(id) is { } answer) Replies.Add(() => connection.SendStored(session, answer));
            return;
        }
        var constructor = r.UInt32();
        if (constructor == LegacyPing) Service(new Pong { MsgId = id, PingId = r.Int64() });
        else if (ServiceConstructors.TryReadBody(constructor, ref r) is { } service) Heed(id, service);
        else if (ServiceMethods.TryReadBody(constructor, ref r) is { } method) Obey(id, method);
        else Start(id, sequence, body);
    }

    private void Start(long id, int sequence, ReadOnlySpan<byte> body)
    {
        if ((sequence & 1) == 0)
        {
            Service(new BadMsgNotification { BadMsgId = id, BadMsgSeqno = sequence, ErrorCode = 35 });
            return;
        }
        server.Calls.Start(session, id, body);
    }

    private void Heed(long id, ITlObject message)
    {
        switch (message)
        {
            case MsgsAck acks:
                session.Acknowledge(acks.MsgIds);
                break;
            case MsgsStateReq request:
                Service(new MsgsStateInfo { ReqMsgId = id, Info = request.MsgIds.Select(session.StateOf).ToArray() });
                break;
            case MsgResendReq request:
                foreach (var wanted in request.MsgIds)
                    if (session.AnswerWithId(wanted) is { } answer) Replies.Add(() => connection.SendStored(session, answer));
                break;
        }
    }

    private void Obey(long id, ITlObject method)
    {
        switch (method)
        {
            case Ping ping:
                Service(new Pong { MsgId = id, PingId = ping.PingId });
                break;
            case PingDelayDisconnect ping:
                Service(new Pong { MsgId = id, PingId = ping.PingId });
                break;
            case GetFutureSalts question:
                server.CountCall("get_future_salts");
                Service(FutureSalts(id, question.Num));
                break;
            case RpcDropAnswer drop:
                server.Calls.AnswerNow(session, id, new RpcAnswerUnknown());
                server.CountDropped(drop.ReqMsgId);
                break;
            case DestroySession destroy:
                Service(session.Key.Sessions.Remove(destroy.SessionId) ? new DestroySessionOk { SessionId = destroy.SessionId } : new DestroySessionNone { SessionId = destroy.SessionId });
                break;
        }
    }

    /// <summary>Each begins half an hour after the one before and lasts an hour, as at Telegram.</summary>
    private FutureSalts FutureSalts(long id, int count)
    {
        var now = (int)server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var coming = session.Key.ComingSalts;
        lock (coming)
        {
            while (coming.Count < Math.Clamp(count, 1, 64) - 1)
            {
                var since = (coming.Count > 0 ? coming[^1].ValidSince : now) + HalfAnHour;
                coming.Add(new FutureSalt { ValidSince = since, ValidUntil = since + (2 * HalfAnHour), Salt = Random.Shared.NextInt64() });
            }
            var current = new FutureSalt { ValidSince = now - 60, ValidUntil = now + (2 * HalfAnHour), Salt = session.Key.Salt };
            return new FutureSalts { ReqMsgId = id, Now = now, Salts = [current, .. coming] };
        }
    }

    private void Service(ITlObject body) => Replies.Add(() => connection.SendService(session, body));
}
