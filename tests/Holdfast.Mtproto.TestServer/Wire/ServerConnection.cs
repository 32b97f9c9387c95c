using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>One accepted socket.</summary>
internal sealed class ServerConnection(TelegramServer server, int dataCenter, Socket socket)
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Channel<Outgoing> _outgoing = System.Threading.Channels.Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private FrameStream? _stream;
    private ServerKeyExchange? _exchange;
    private KeyState? _key;
    private volatile bool _isFrozen;

    public int DataCenter => dataCenter;

    public async Task RunAsync(CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        try
        {
            _stream = await AcceptAsync(both.Token);
            var ahead = new FramesAhead(_stream, AesIgeSideBySide.Most);
            _ = ahead.RunAsync(both.Token);
            _ = WriteAsync(both.Token);
            var frames = new List<Frame>();
            while (true)
            {
                await ahead.NextAsync(frames, both.Token);
                await HandleAsync(frames);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            server.Log($"connection closed: {e.Message}");
        }
        catch (Exception e)
        {
            server.Log($"connection failed: {e}");
        }
        finally
        {
            Abort();
        }
    }

    /// <summary>From now on the line is open and dead.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>Cuts the line at once, as a dead network does: the client gets a reset.</summary>
    public void Abort()
    {
        try
        {
            _stop.Cancel();
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
        }
        socket.Dispose();
    }

    private async Task<FrameStream> AcceptAsync(CancellationToken ct)
    {
        var preamble = new byte[Obfuscation.PreambleSize];
        await ExactlyAsync(preamble.AsMemory(0, 1), ct);
        if (preamble[0] == 0xef) return new FrameStream(socket, new Framing(TransportKind.Abridged), null, null);
        await ExactlyAsync(preamble.AsMemory(1, 3), ct);
        if (Framing.FromTag(BinaryPrimitives.ReadUInt32LittleEndian(preamble)) is { } plain) return new FrameStream(socket, plain, null, null);
        await ExactlyAsync(preamble.AsMemory(4), ct);
        var (framing, incoming, outgoing) = Obfuscation.Accept(preamble, server.Options.ProxySecret);
        return new FrameStream(socket, framing ?? throw new IOException("An unknown protocol."), incoming, outgoing);
    }

    private async Task ExactlyAsync(Memory<byte> target, CancellationToken ct)
    {
        while (target.Length > 0)
        {
            var count = await socket.ReceiveAsync(target, SocketFlags.None, ct);
            if (count == 0) throw new EndOfStreamException("closed before the first message");
            target = target[count..];
        }
    }

    /// <summary>Neighbours with one key are decrypted together.</summary>
    private async Task HandleAsync(List<Frame> frames)
    {
        for (var at = 0; at < frames.Count && !_isFrozen;)
        {
            var keyId = KeyIdOf(frames[at]);
            var run = frames.Skip(at).TakeWhile(f => KeyIdOf(f) == keyId).ToList();
            at += run.Count;
            if (keyId != 0 && _key?.Key.Id != keyId) _key = server.FindKey(dataCenter, keyId);
            if (keyId != 0 && _key is { } key) PacketCipher.Decrypt([.. run.Select(f => f.Memory)], key.Key, Direction.ToServer);
            foreach (var frame in run)
            {
                server.Count(received: frame.Bytes.Length);
                using (frame) await HandleAsync(frame, keyId);
            }
        }
    }

    private static long KeyIdOf(Frame frame) => BinaryPrimitives.ReadInt64LittleEndian(frame.Bytes);

    private async Task HandleAsync(Frame frame, long keyId)
    {
        if (_isFrozen) return;
        if (keyId == 0) await ExchangeAsync(frame);
        else if (_key is null) await SendErrorAsync(404);
        else foreach (var reply in Understand(frame)) reply();
    }

    private async Task ExchangeAsync(Frame frame)
    {
        _exchange ??= new ServerKeyExchange(server.Key, server.Clock, server.Faults.Handshake);
        var (answer, key, salt) = Exchange(frame);
        if (key is not null) server.AddKey(new KeyState(key, dataCenter, salt));
        if (answer is not null) await SendPlainAsync(answer);
    }

    private (ITlObject?, AuthKey?, long) Exchange(Frame frame)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame.Bytes[16..]);
        return _exchange!.Handle(frame.Bytes.Slice(20, length));
    }

    private async Task SendPlainAsync(ITlObject answer)
    {
        await _writing.WaitAsync();
        try
        {
            await PlainMessages.SendAsync(_stream!, server.NewMessageId(isReply: true), answer, _stop.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task SendErrorAsync(int code)
    {
        var packet = new byte[Framing.MaxHead + 4 + Framing.MaxTail];
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(Framing.MaxHead), -code);
        await _writing.WaitAsync();
        try
        {
            await _stream!.WriteAsync(packet, 4, _stop.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Decrypts, checks, and says what is to be sent at once; calls run on their own.</summary>
    private List<Action> Understand(Frame frame)
    {
        var body = PacketCipher.Verify(frame.Bytes, _key!.Key, Direction.ToServer, out var head);
        var session = server.SessionOf(_key, head.SessionId);
        var replies = new List<Action>();
        if (Complain(head) is { } complaint)
        {
            session.Connection ??= this;
            replies.Add(() => SendService(session, complaint));
            return replies;
        }
        if (session.Connection != this)
        {
            session.Connection = this;
            // What the old line may have lost is said again on the new one.
            foreach (var answer in session.Unacknowledged()) replies.Add(() => SendStored(session, answer));
        }
        if (session.IsNew)
        {
            session.IsNew = false;
            server.Log($"session {session.Id} begins with {head.MessageId}");
            replies.Add(() => SendContent(session, new NewSessionCreated { FirstMsgId = head.MessageId, UniqueId = Random.Shared.NextInt64(), ServerSalt = _key.Salt }));
        }
        var work = new IncomingMessages(server, this, session);
        work.Read(head.MessageId, head.SequenceNumber, body);
        replies.AddRange(work.Replies);
        return replies;
    }

    /// <summary>Salt and time, as the real server judges them.</summary>
    private ITlObject? Complain(MessageHead head)
    {
        var age = server.Clock.GetUtcNow() - ServerClock.TimeOf(head.MessageId);
        var code = (head.MessageId & 3) != 0 ? 18 : age > TimeSpan.FromSeconds(300) ? 16 : age < TimeSpan.FromSeconds(-30) ? 17 : 0;
        if (code != 0) return new BadMsgNotification { BadMsgId = head.MessageId, BadMsgSeqno = head.SequenceNumber, ErrorCode = code };
        _key!.Advance(server.Clock.GetUtcNow().ToUnixTimeSeconds());
        if (head.Salt == _key.Salt || head.Salt == _key.OldSalt) return null;
        server.CountBadSalt();
        return new BadServerSalt { BadMsgId = head.MessageId, BadMsgSeqno = head.SequenceNumber, ErrorCode = 48, NewServerSalt = _key.Salt };
    }

    public void SendService(ServerSession session, ITlObject body) => Send(session, Written(body), server.NewMessageId(isReply: true), session.NextSequence(isContent: false));

    public void SendContent(ServerSession session, ITlObject body) => Send(session, Written(body), server.NewMessageId(isReply: false), session.NextSequence(isContent: true));

    // Written down now: what it tells of may change before it is sent.
    private static Action<TlWriter> Written(ITlObject body)
    {
        var bytes = TlWriter.ToBytes(body);
        return w => w.Raw(bytes);
    }

    public void SendStored(ServerSession session, StoredAnswer answer)
    {
        if (!server.Faults.Containers) Send(session, answer.Write, answer.MessageId, answer.Sequence);
        else Send(session, w => WriteContainer(w, session, answer), server.NewMessageId(isReply: true), session.NextSequence(isContent: false));
    }

    private void WriteContainer(TlWriter w, ServerSession session, StoredAnswer answer)
    {
        var ack = TlWriter.ToBytes(new MsgsAck { MsgIds = [answer.RequestId] });
        w.UInt32(0x73f1f8dc);
        w.Int32(2);
        Write(server.NewMessageId(isReply: true), session.NextSequence(isContent: false), inner => inner.Raw(ack));
        Write(answer.MessageId, answer.Sequence, answer.Write);

        void Write(long id, int sequence, Action<TlWriter> body)
        {
            w.Int64(id);
            w.Int32(sequence);
            var lengthAt = w.Length;
            w.Int32(0);
            body(w);
            BinaryPrimitives.WriteInt32LittleEndian(w.Written[lengthAt..], w.Length - lengthAt - 4);
        }
    }

    /// <summary>Says something after what was said before; nothing is said on a line that is cut or dead.</summary>
    public void Send(ServerSession session, Action<TlWriter> write, long messageId, int sequence)
    {
        if (!_isFrozen) _outgoing.Writer.TryWrite(new Outgoing(session, write, messageId, sequence));
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        using var batch = new PacketBatch(Direction.ToClient);
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(ct))
            {
                while (!batch.IsFull && _outgoing.Reader.TryRead(out var next)) Add(batch, next);
                batch.Encrypt();
                await WriteAsync(batch, ct);
                batch.Clear();
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client will come back and be told again.
        }
    }

    private static void Add(PacketBatch batch, Outgoing next)
    {
        next.Write(batch.Next());
        batch.Add(next.Session.Key.Key, new MessageHead(next.Session.Key.Salt, next.Session.Id, next.MessageId, next.Sequence));
    }

    private async Task WriteAsync(PacketBatch batch, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            for (var i = 0; i < batch.Count && !_isFrozen; i++)
            {
                var (packet, length) = batch[i];
                server.Count(sent: length);
                await _stream!.WriteAsync(packet, length, ct);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private readonly record struct Outgoing(ServerSession Session, Action<TlWriter> Write, long MessageId, int Sequence);
}
