using System.Buffers.Binary;
using System.Net.Sockets;
using Holdfast.Mtproto.DataCenters;

namespace Holdfast.Mtproto.Transport;

/// <summary>How to reach a data centre.</summary>
/// <param name="Kind">The framing.</param>
/// <param name="Obfuscated">Whether the stream is disguised; an MTProto proxy always is.</param>
/// <param name="Proxy">A way around, or nothing.</param>
public sealed record TransportOptions(TransportKind Kind = TransportKind.Intermediate, bool Obfuscated = true, Proxy? Proxy = null);

/// <summary>Opens sockets that are ready for messages.</summary>
internal static class Connector
{
    public static async Task<FrameStream> OpenAsync(DataCenter target, TransportOptions options, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var (host, port) = options.Proxy is { } proxy ? (proxy.Host, proxy.Port) : (target.Host, target.Port);
            await socket.ConnectAsync(host, port, ct);
            if (options.Proxy is Socks5Proxy socks) await Socks5.ConnectAsync(socket, socks, target.Host, target.Port, ct);
            return await GreetAsync(socket, target, options, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<FrameStream> GreetAsync(Socket socket, DataCenter target, TransportOptions options, CancellationToken ct)
    {
        var mtproto = options.Proxy as MtprotoProxy;
        var framing = new Framing(mtproto is { WantsPadding: true } ? TransportKind.PaddedIntermediate : options.Kind);
        if (!options.Obfuscated && mtproto is null)
        {
            await socket.SendAsync(PlainTag(framing), SocketFlags.None, ct);
            return new FrameStream(socket, framing, null, null);
        }
        var (preamble, incoming, outgoing) = Obfuscation.Begin(framing, mtproto?.Key, (short)target.Id);
        await socket.SendAsync(preamble, SocketFlags.None, ct);
        return new FrameStream(socket, framing, incoming, outgoing);
    }

    private static byte[] PlainTag(Framing framing)
    {
        if (framing.Kind == TransportKind.Abridged) return [0xef];
        var tag = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tag, framing.Tag);
        return tag;
    }
}
