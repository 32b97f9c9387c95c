using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Mtproto.Transport;

/// <summary>The client's half of RFC 1928, with the user name of RFC 1929.</summary>
internal static class Socks5
{
    private const byte Version = 5;
    private const byte WithoutUser = 0;
    private const byte WithUser = 2;

    public static async Task ConnectAsync(Socket socket, Socks5Proxy proxy, string host, int port, CancellationToken ct)
    {
        var method = proxy.User is null ? WithoutUser : WithUser;
        await SendAsync(socket, [Version, 1, method], ct);
        var choice = await ReceiveAsync(socket, 2, ct);
        if (choice[0] != Version || choice[1] != method) throw new IOException($"{proxy} does not accept this way of logging in.");
        if (method == WithUser) await LoginAsync(socket, proxy, ct);
        await SendAsync(socket, Request(host, port), ct);
        await ReadReplyAsync(socket, proxy, ct);
    }

    private static async Task LoginAsync(Socket socket, Socks5Proxy proxy, CancellationToken ct)
    {
        var user = Encoding.UTF8.GetBytes(proxy.User!);
        var password = Encoding.UTF8.GetBytes(proxy.Password ?? "");
        await SendAsync(socket, [1, (byte)user.Length, .. user, (byte)password.Length, .. password], ct);
        if ((await ReceiveAsync(socket, 2, ct))[1] != 0) throw new IOException($"{proxy} refused the user name or the password.");
    }

    private static byte[] Request(string host, int port)
    {
        var name = Encoding.ASCII.GetBytes(host);
        byte[] request = [Version, 1, 0, 3, (byte)name.Length, .. name, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2), (ushort)port);
        return request;
    }

    private static async Task ReadReplyAsync(Socket socket, Socks5Proxy proxy, CancellationToken ct)
    {
        var reply = await ReceiveAsync(socket, 4, ct);
        if (reply[1] != 0) throw new IOException($"{proxy} could not connect (reply {reply[1]}).");
        var address = reply[3] switch
        {
            1 => 4,
            4 => 16,
            3 => (await ReceiveAsync(socket, 1, ct))[0],
            _ => throw new IOException($"{proxy} answered with an unknown kind of address."),
        };
        await ReceiveAsync(socket, address + 2, ct);
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken ct)
    {
        ReadOnlyMemory<byte> left = bytes;
        while (left.Length > 0) left = left[await socket.SendAsync(left, SocketFlags.None, ct)..];
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at), SocketFlags.None, ct);
            if (read == 0) throw new EndOfStreamException("The proxy closed the connection.");
            at += read;
        }
        return bytes;
    }
}
