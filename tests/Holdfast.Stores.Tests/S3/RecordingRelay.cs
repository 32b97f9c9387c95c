using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Holdfast.Stores.Tests.S3;

/// <summary>Stands before an engine on loopback, hands everything on as it is, and keeps the heads of the requests.</summary>
internal sealed partial class RecordingRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly ConcurrentBag<MemoryStream> _sent = [];
    private readonly int _port;

    /// <param name="engine">Its address, without encryption.</param>
    public RecordingRelay(string engine)
    {
        _port = new Uri(engine).Port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>Method, path and headers of each request that writes, in no order.</summary>
    public IReadOnlyList<string> Writes => [.. _sent.SelectMany(s => Head().Matches(Text(s)).Select(m => m.Value))];

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
        var engine = new TcpClient();
        _open.Add(client);
        _open.Add(engine);
        var sent = new MemoryStream();
        _sent.Add(sent);
        try
        {
            await engine.ConnectAsync(IPAddress.Loopback, _port);
            await Task.WhenAny(CopyAsync(client.GetStream(), engine.GetStream(), sent), CopyAsync(engine.GetStream(), client.GetStream(), null));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // One of them hung up.
        }
        client.Dispose();
        engine.Dispose();
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, MemoryStream? kept)
    {
        var buffer = new byte[64 * 1024];
        for (int got; (got = await from.ReadAsync(buffer)) > 0;)
        {
            if (kept is not null)
                lock (kept)
                    kept.Write(buffer, 0, got);
            await to.WriteAsync(buffer.AsMemory(0, got));
        }
    }

    private static string Text(MemoryStream bytes)
    {
        lock (bytes)
            return Encoding.Latin1.GetString(bytes.ToArray());
    }

    [GeneratedRegex(@"(PUT|POST) \S+ HTTP/1\.1\r\n([^\r\n]+\r\n)*")]
    private static partial Regex Head();
}
