using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.TestServer.Api;
using Holdfast.Mtproto.TestServer.Faults;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>Unwraps calls, runs them, and sends their answers.</summary>
internal sealed class CallRunner(TelegramServer server, ApiCalls api)
{
    private const uint RpcResult = 0xf35c6d01;
    private const uint InvokeAfterMsg = 0xcb9f372d;
    private readonly RateLimiter _limiter = new(server.Faults, server.Clock);

    public void Start(ServerSession session, long id, ReadOnlySpan<byte> body)
    {
        CallContext context;
        ITlObject? method;
        try
        {
            (context, method) = Unwrap(session, body);
        }
        catch (Exception e) when (e is TlException or RpcFault)
        {
            server.Log("bad call: " + e.Message);
            AnswerNow(session, id, new RpcError { ErrorCode = 400, ErrorMessage = e is RpcFault ? e.Message : "INPUT_FETCH_ERROR" });
            return;
        }
        _ = Task.Run(() => RunAsync(context, id, method));
    }

    public void AnswerNow(ServerSession session, long requestId, object answer)
    {
        var stored = Store(session, requestId, answer);
        if (session.Connection is { } connection) connection.SendStored(session, stored);
    }

    private (CallContext Context, ITlObject? Method) Unwrap(ServerSession session, ReadOnlySpan<byte> body)
    {
        var r = new TlReader(body);
        var context = new CallContext(server, session);
        while (true)
        {
            var id = r.UInt32();
            switch (id)
            {
                case Envelope.InvokeWithLayer:
                    if (r.Int32() > TlLayer.Api) throw new RpcFault(400, "CONNECTION_LAYER_INVALID");
                    break;
                case Envelope.InitConnection:
                    SkipInitConnection(ref r);
                    session.IsIntroduced = true;
                    break;
                case Envelope.InvokeWithoutUpdates:
                    session.IsQuiet = true;
                    break;
                case Envelope.InvokeWithTakeout:
                    context.TakeoutId = r.Int64();
                    break;
                case InvokeAfterMsg:
                    r.Int64();
                    break;
                case Gzip.Id:
                    return Unwrap(session, Gzip.Unpack(r.BytesSpan()));
                default:
                    if (!session.IsIntroduced) throw new RpcFault(400, "CONNECTION_NOT_INITED");
                    var method = ApiMethods.TryReadBody(id, ref r);
                    if (method is null) server.Log($"unknown method {id:x8}");
                    return (context, method);
            }
        }
    }

    private static void SkipInitConnection(ref TlReader r)
    {
        var flags = r.UInt32();
        r.Int32();
        for (var i = 0; i < 6; i++) r.BytesSpan();
        if ((flags & 1) != 0) InputClientProxy.ReadFrom(ref r);
        if ((flags & 2) != 0) JSONValue.ReadFrom(ref r);
    }

    private async Task RunAsync(CallContext context, long id, ITlObject? method)
    {
        var session = context.Session;
        var name = (method as ITlMethod)?.Method ?? "?";
        var fault = server.Faults.OnCall?.Invoke(name, session) ?? CallFault.None;
        var connection = session.Connection;
        if (fault != CallFault.None) server.Log($"{fault} at {name} {id} of session {session.Id}");
        if (fault == CallFault.CutBefore)
        {
            session.Forget(id);
            connection?.Abort();
            return;
        }
        if (fault == CallFault.HalfOpen) connection?.Freeze();
        if (server.Faults.Delay?.Invoke(name) is { } delay && delay > TimeSpan.Zero) await Task.Delay(delay);
        var stored = Store(session, id, await AnswerAsync(context, name, method));
        if (fault == CallFault.CutAfter)
        {
            connection?.Abort();
            return;
        }
        if (fault == CallFault.LoseAnswer) return;
        if (session.Connection is not { } current) return;
        current.SendStored(session, stored);
        if (fault == CallFault.RepeatAnswer) current.SendStored(session, stored);
    }

    private async Task<object> AnswerAsync(CallContext context, string name, ITlObject? method)
    {
        try
        {
            server.CountCall(name);
            if (server.Faults.Refuse?.Invoke(name, context.Session) is { } refusal) throw refusal;
            if (_limiter.Check(context.Session.Key.Key.Id, name) is { } flood) throw flood;
            if (method is null) throw new RpcFault(400, "INPUT_METHOD_INVALID");
            return await api.CallAsync(context, method);
        }
        catch (RpcFault e)
        {
            server.Log($"{name}: {e.Code} {e.Message}");
            return new RpcError { ErrorCode = e.Code, ErrorMessage = e.Message };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            server.Log($"{name} failed: {e}");
            return new RpcError { ErrorCode = 500, ErrorMessage = "INTERNAL" };
        }
    }

    private StoredAnswer Store(ServerSession session, long requestId, object answer)
    {
        var stored = new StoredAnswer(requestId, server.NewMessageId(isReply: true), session.NextSequence(isContent: true), WriterOf(requestId, answer));
        session.Store(stored);
        return stored;
    }

    /// <summary>Bytes of files stay where they lie until they are sent; everything else is written down at once, as it may change.</summary>
    private Action<TlWriter> WriterOf(long requestId, object answer)
    {
        if (answer is FileSlice slice && server.Faults.PackAbove == int.MaxValue)
        {
            return w =>
            {
                w.UInt32(RpcResult);
                w.Int64(requestId);
                slice.WriteTo(w);
            };
        }
        var bytes = Serialize(requestId, answer);
        return w => w.Raw(bytes);
    }

    private byte[] Serialize(long requestId, object answer)
    {
        using var w = new TlWriter();
        w.UInt32(RpcResult);
        w.Int64(requestId);
        using var body = new TlWriter();
        ResultWriter.Write(body, answer);
        if (body.Length > server.Faults.PackAbove && answer is not RpcError) Gzip.WritePacked(w, body.Written);
        else w.Raw(body.Written);
        return w.Written.ToArray();
    }
}
