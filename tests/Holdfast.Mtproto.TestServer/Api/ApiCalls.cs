using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Which part of the API answers which method.</summary>
internal sealed class ApiCalls
{
    private readonly Dictionary<Type, Func<CallContext, ITlObject, object>> _calls = [];

    public ApiCalls()
    {
        AuthCalls.Register(this);
        HelpCalls.Register(this);
        PeopleCalls.Register(this);
        HistoryCalls.Register(this);
        SendCalls.Register(this);
        ChangeCalls.Register(this);
        RoomCalls.Register(this);
        FileCalls.Register(this);
        UpdateCalls.Register(this);
    }

    public void On<T>(Func<CallContext, T, object> call)
        where T : ITlObject => _calls.Add(typeof(T), (context, method) => call(context, (T)method));

    public Task<object> CallAsync(CallContext context, ITlObject method)
    {
        if (context.Session.Key.Refusal is { } refusal) throw new RpcFault(refusal == "AUTH_KEY_DUPLICATED" ? 406 : 401, refusal);
        if (!_calls.TryGetValue(method.GetType(), out var call)) throw new RpcFault(400, "INPUT_METHOD_INVALID");
        // Parts of files are moved without the lock: they are the bulk, and touch nothing else.
        if (FileCalls.IsBulk(method)) return Task.FromResult(call(context, method));
        lock (context.World.Gate) return Task.FromResult(call(context, method));
    }
}
