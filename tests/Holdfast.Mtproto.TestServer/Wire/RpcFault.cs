namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>An rpc_error on its way to the client.</summary>
internal sealed class RpcFault(int code, string error) : Exception(error)
{
    public int Code => code;
}
