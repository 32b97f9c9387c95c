using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.Connections;

/// <summary>
/// One MTProto session without its socket: the calls that wait, what is to be sent next, what was received.
/// It outlives sockets: after a reconnect the same session goes on, so the server knows which messages it already has.
/// </summary>
internal sealed partial class MessageSession(DataCenterState server, ClientIdentity identity, TimeProvider time)
{
    private const uint ContainerId = 0x73f1f8dc;
    private const int MaxContainerBytes = 32 << 10;
    private const int MaxContainerMessages = 90;
    private const int AcksAtOnce = 16;
    private const int SaltsAtOnce = 16;
    private const int WorthPacking = 1 << 10;
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingCall> _queue = new();
    private readonly Dictionary<long, PendingCall> _sent = [];
    private readonly Dictionary<long, long[]> _containers = [];
    private readonly Dictionary<long, PendingCall[]> _inquiries = [];
    private readonly Queue<ITlObject> _service = new();
    private readonly List<long> _acks = [];
    private readonly ReceivedIds _received = new();
    private long _sessionId = NewId();
    private int _sequence;
    private bool _isIntroduced;
    private bool _flushAcks;

    /// <summary>There is something to send.</summary>
    public Signal Wake { get; } = new();

    /// <summary>Something other than an answer came: updates, or null when there may be some that were missed.</summary>
    public Action<UpdatesBase?>? Pushed { get; set; }

    public int Waiting
    {
        get { lock (_gate) return _queue.Count + _sent.Count; }
    }

    private static long NewId() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public void Enqueue(PendingCall call)
    {
        lock (_gate) _queue.AddLast(call);
        Wake.Set();
    }

    public void Say(ITlObject serviceMessage)
    {
        lock (_gate) _service.Enqueue(serviceMessage);
        Wake.Set();
    }

    /// <summary>Forgets a call that nobody waits for any more, and tells the server where it may be at work on it.</summary>
    public void Drop(PendingCall call)
    {
        bool wasSent;
        lock (_gate)
        {
            _queue.Remove(call);
            wasSent = call.MessageId != 0 && _sent.Remove(call.MessageId);
        }
        if (wasSent) Say(new RpcDropAnswer { ReqMsgId = call.MessageId });
    }

    public void FailAll(Exception error)
    {
        List<PendingCall> calls;
        lock (_gate)
        {
            calls = [.. _queue, .. _sent.Values];
            _queue.Clear();
            _sent.Clear();
        }
        foreach (var call in calls) call.Fail(error);
    }

    /// <summary>
    /// A new socket stands in for a broken one. What was not answered may have arrived or not: the server is asked before anything is sent twice.
    /// </summary>
    public void OnConnected()
    {
        lock (_gate)
        {
            _service.Clear();
            _inquiries.Clear();
            Inquire([.. _sent.Values]);
        }
        Wake.Set();
    }

    /// <summary>Writes the next packet: a single message, or several in a container.</summary>
    /// <returns>Its head, or null when there is nothing to send.</returns>
    public MessageHead? WritePacket(TlWriter w)
    {
        lock (_gate)
        {
            DropCancelled();
            var messages = _queue.Count + _service.Count;
            var withAcks = _acks.Count > 0 && (messages > 0 || _flushAcks);
            if (messages == 0 && !withAcks) return null;
            var (id, number) = messages + (withAcks ? 1 : 0) == 1 ? WriteNext(w, withAcks) : WriteContainer(w, withAcks);
            return new MessageHead(server.Salt, _sessionId, id, number);
        }
    }

    private (long Id, int Number) WriteContainer(TlWriter w, bool withAcks)
    {
        w.UInt32(ContainerId);
        var countAt = w.Length;
        w.Int32(0);
        var ids = new List<long>();
        while ((withAcks || _service.Count > 0 || _queue.Count > 0) && w.Length < MaxContainerBytes && ids.Count < MaxContainerMessages)
        {
            var headAt = w.Length;
            w.Reserve(16);
            var (id, number) = WriteNext(w, withAcks);
            withAcks = false;
            var message = w.Written[headAt..];
            BinaryPrimitives.WriteInt64LittleEndian(message, id);
            BinaryPrimitives.WriteInt32LittleEndian(message[8..], number);
            BinaryPrimitives.WriteInt32LittleEndian(message[12..], message.Length - 16);
            ids.Add(id);
        }
        BinaryPrimitives.WriteInt32LittleEndian(w.Written[countAt..], ids.Count);
        var containerId = server.Clock.NextMessageId();
        foreach (var id in ids)
            if (_sent.TryGetValue(id, out var call)) call.PacketId = containerId;
        Remember(containerId, ids);
        return (containerId, _sequence * 2);
    }

    private void Remember(long containerId, List<long> ids)
    {
        // Only needed until the server has had time to refuse it.
        if (_containers.Count > 256) _containers.Clear();
        _containers[containerId] = [.. ids];
    }

    private (long Id, int Number) WriteNext(TlWriter w, bool acks)
    {
        if (acks)
        {
            new MsgsAck { MsgIds = [.. _acks] }.WriteTo(w);
            _acks.Clear();
            _flushAcks = false;
            return (server.Clock.NextMessageId(), _sequence * 2);
        }
        if (_service.TryDequeue(out var service)) return WriteService(w, service);
        var call = _queue.First!.Value;
        _queue.RemoveFirst();
        return WriteCall(w, call);
    }

    private (long Id, int Number) WriteService(TlWriter w, ITlObject service)
    {
        service.WriteTo(w);
        var id = server.Clock.NextMessageId();
        if (service is MsgsStateReq inquiry) _inquiries[id] = [.. inquiry.MsgIds.Where(_sent.ContainsKey).Select(m => _sent[m])];
        // A ping, a dropped answer and a question for salts want an answer, so they count; the rest does not.
        return service is PingDelayDisconnect or RpcDropAnswer or GetFutureSalts ? (id, (_sequence++ * 2) + 1) : (id, _sequence * 2);
    }

    private (long Id, int Number) WriteCall(TlWriter w, PendingCall call)
    {
        if (call.MessageId == 0)
        {
            call.MessageId = server.Clock.NextMessageId();
            call.SequenceNumber = (_sequence++ * 2) + 1;
        }
        call.PacketId = call.MessageId;
        call.Since = time.GetTimestamp();
        _sent[call.MessageId] = call;
        if (_isIntroduced && !WantsPacking(call))
        {
            call.Body.WriteTo(w);
            return (call.MessageId, call.SequenceNumber);
        }
        if (!_isIntroduced) Envelope.WriteIntroduction(w, identity);
        using var body = new TlWriter();
        call.Body.WriteTo(body);
        if (body.Length >= WorthPacking && WantsPacking(call)) Gzip.WritePacked(w, body.Written);
        else w.Raw(body.Written);
        return (call.MessageId, call.SequenceNumber);
    }

    // Parts of files are packed or encrypted already; other calls are seldom long.
    private static bool WantsPacking(PendingCall call) => call.Method is "messages.sendMessage" or "messages.editMessage" or "messages.sendMultiMedia" or "channels.getMessages" or "messages.getMessages";

    private void DropCancelled()
    {
        for (var node = _queue.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsDone || node.Value.IsCancelled) _queue.Remove(node);
            node = next;
        }
    }

    /// <summary>Looks for calls whose answer is overdue, for salts that come to their end, and for acknowledgements that found no message to travel with.</summary>
    public void OnTick(TimeSpan inquireAfter)
    {
        lock (_gate)
        {
            if (_acks.Count > 0) _flushAcks = true;
            PendingCall[] overdue = [.. _sent.Values.Where(c => time.GetElapsedTime(c.Since) > inquireAfter)];
            foreach (var call in overdue) call.Inquiries++;
            Inquire(overdue);
            if (_isIntroduced && server.MustAskForSalts) _service.Enqueue(new GetFutureSalts { Num = SaltsAtOnce });
            if (!_flushAcks && _service.Count == 0 && _queue.Count == 0) return;
        }
        Wake.Set();
    }

    /// <summary>Whether a call was sent and not answered.</summary>
    public bool IsOwed
    {
        get { lock (_gate) return _sent.Count > 0; }
    }

    private void Inquire(PendingCall[] calls)
    {
        if (calls.Length == 0) return;
        foreach (var call in calls) call.Since = time.GetTimestamp();
        foreach (var chunk in calls.Chunk(512)) _service.Enqueue(new MsgsStateReq { MsgIds = [.. chunk.Select(c => c.MessageId)] });
    }

    private void SendAgain(PendingCall call, bool underNewId)
    {
        _sent.Remove(call.MessageId);
        if (underNewId) (call.MessageId, call.Inquiries) = (0, 0);
        if (!call.IsDone) _queue.AddFirst(call);
    }

    private void StartAnew()
    {
        _sessionId = NewId();
        _sequence = 0;
        _isIntroduced = false;
        _received.Clear();
        _inquiries.Clear();
        foreach (var call in _sent.Values.OrderByDescending(c => c.MessageId).ToList()) SendAgain(call, underNewId: true);
    }
}
