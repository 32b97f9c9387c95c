using System.Net;
using System.Net.Sockets;

namespace Holdfast.Server.Tests.Load;

/// <summary>Stands between a client and a server on loopback, and counts what goes through.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private long _up, _down;

    public CountingProxy(string address)
    {
        var uri = new Uri(address);
        _server = new IPEndPoint(IPAddress.Loopback, uri.Port);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>Bytes from client to server since the last call, and back.</summary>
    public (long Up, long Down) Take() => (Interlocked.Exchange(ref _up, 0), Interlocked.Exchange(ref _down, 0));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
            try
            {
                await server.ConnectAsync(_server, _ending.Token);
                await Task.WhenAll(
                    CopyAsync(client.GetStream(), server, count => Interlocked.Add(ref _up, count)),
                    CopyAsync(server.GetStream(), client, count => Interlocked.Add(ref _down, count)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // One of them hung up.
            }
    }

    private async Task CopyAsync(NetworkStream from, TcpClient to, Action<long> count)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _ending.Token) is var got and > 0)
        {
            count(got);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, got), _ending.Token);
        }
        to.Client.Shutdown(SocketShutdown.Send);
    }
}
