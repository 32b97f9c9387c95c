using System.Buffers.Binary;

namespace Holdfast.Mtproto.KeyExchange;

/// <summary>Four bytes instead of a message: the server refuses the connection (https://core.telegram.org/mtproto/mtproto-transports#transport-errors).</summary>
public sealed class TransportErrorException : IOException
{
    internal TransportErrorException(int code) : base(Explain(code)) => Code = code;

    /// <summary>404: the auth key is not known. 429: too many connections. 444: no such data centre.</summary>
    public int Code { get; }

    internal static void ThrowIfError(ReadOnlySpan<byte> frame)
    {
        if (frame.Length >= 8) return;
        throw new TransportErrorException(frame.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(frame) : 0);
    }

    private static string Explain(int code) => code switch
    {
        404 => "The server does not know this client's key (transport error 404).",
        429 => "The server wants fewer connections for now (transport error 429).",
        444 => "The server is not the data centre that was asked for (transport error 444).",
        _ => $"The server refused the connection (transport error {code}).",
    };
}
