using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Cli.Tests.Running;

/// <summary>A line to a server on loopback that can be cut: some bytes still pass, then every connection breaks off and none is made.</summary>
internal sealed class CutLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly int _port;
    private readonly long _allowed;
    private long _left;

    /// <param name="server">Its address, without encryption.</param>
    /// <param name="megabytes">How many still come back from the server after the line was cut.</param>
    public CutLine(string server, int megabytes)
    {
        (_port, _allowed) = (new Uri(server).Port, megabytes * 1_000_000L);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    public bool IsCut
    {
        set => Interlocked.Exchange(ref _left, value ? _allowed : long.MaxValue);
    }

    public void Dispose()
    {
        _listener.Stop();
        foreach (var client in _open)
            client.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        _open.Add(client);
        try
        {
            if (Interlocked.Read(ref _left) > 0)
            {
                await server.ConnectAsync(IPAddress.Loopback, _port);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), AnswerAsync(server.GetStream(), client.GetStream()));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // One of them hung up.
        }
        client.Dispose();
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        for (int got; (got = await from.ReadAsync(buffer)) > 0 && Interlocked.Add(ref _left, -got) > 0;)
            await to.WriteAsync(buffer.AsMemory(0, got));
    }
}
