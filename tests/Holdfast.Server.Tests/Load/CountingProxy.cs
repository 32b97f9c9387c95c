using System.Net;
using System.Net.Sockets;

namespace Holdfast.Server.Tests.Load;

/// <summary>Stands between a client and a server on loopback, and counts what goes through.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously), _goingOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private volatile IPEndPoint _server;
    private long _up, _down, _holdAt = long.MaxValue;

    public CountingProxy(string address)
    {
        _server = EndPointOf(address);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>Bytes from client to server since the last call, and back.</summary>
    public (long Up, long Down) Take() => (Interlocked.Exchange(ref _up, 0), Interlocked.Exchange(ref _down, 0));

    /// <summary>Passes nothing on any more once so many bytes came from clients; ends then.</summary>
    public Task HoldAt(long bytes)
    {
        Interlocked.Exchange(ref _holdAt, bytes);
        return _held.Task;
    }

    /// <summary>Cuts the connections that are held, and passes new ones on to a server that may have another address.</summary>
    public void GoOn(string address)
    {
        _server = EndPointOf(address);
        Interlocked.Exchange(ref _holdAt, long.MaxValue);
        _goingOn.SetResult();
    }

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
                    CopyAsync(client.GetStream(), server, UpAsync),
                    CopyAsync(server.GetStream(), client, DownAsync));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // One of them hung up.
            }
    }

    private async Task UpAsync(int count)
    {
        if (Interlocked.Add(ref _up, count) < Interlocked.Read(ref _holdAt))
            return;
        _held.TrySetResult();
        await _goingOn.Task;
        throw new IOException("cut");
    }

    private Task DownAsync(int count)
    {
        Interlocked.Add(ref _down, count);
        return Task.CompletedTask;
    }

    private static IPEndPoint EndPointOf(string address) => new(IPAddress.Loopback, new Uri(address).Port);

    private async Task CopyAsync(NetworkStream from, TcpClient to, Func<int, Task> count)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _ending.Token) is var got and > 0)
        {
            await count(got);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, got), _ending.Token);
        }
        to.Client.Shutdown(SocketShutdown.Send);
    }
}
