using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Holdfast.Mtproto.Bench;

/// <summary>Passes connections on, every byte half a round trip later, and each connection at no more than a rate each way.</summary>
internal static class DelayingProxy
{
    private const int Block = 32 << 10;

    public static async Task RunAsync(int to, TimeSpan roundTrip, long bytesPerSecond)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        while (true)
        {
            var client = await listener.AcceptSocketAsync();
            _ = ServeAsync(client, to, roundTrip / 2, bytesPerSecond);
        }
    }

    private static async Task ServeAsync(Socket client, int to, TimeSpan delay, long rate)
    {
        using var near = client;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, to);
            await Task.WhenAny(PassAsync(near, far, delay, rate), PassAsync(far, near, delay, rate));
        }
        catch (SocketException)
        {
            // Either side may go at any time.
        }
    }

    private static async Task PassAsync(Socket from, Socket to, TimeSpan delay, long rate)
    {
        // What is under way in the wire: at most two seconds of it, or 16 MiB.
        var wire = Channel.CreateBounded<(byte[] Bytes, int Count, long Due)>(512);
        var reading = ReadAsync(from, wire.Writer, delay, rate);
        await foreach (var (bytes, count, due) in wire.Reader.ReadAllAsync())
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait);
            for (var at = 0; at < count;) at += await to.SendAsync(bytes.AsMemory(at, count - at));
        }
        await reading;
    }

    private static async Task ReadAsync(Socket from, ChannelWriter<(byte[] Bytes, int Count, long Due)> wire, TimeSpan delay, long rate)
    {
        long free = 0;
        try
        {
            while (true)
            {
                var bytes = new byte[Block];
                var count = await from.ReceiveAsync(bytes.AsMemory());
                if (count == 0) break;
                var now = Stopwatch.GetTimestamp();
                if (rate > 0)
                {
                    // A token bucket without a store: the line is busy until the last byte has passed.
                    free = Math.Max(free, now) + (count * Stopwatch.Frequency / rate);
                    var busy = Stopwatch.GetElapsedTime(now, free);
                    if (busy > TimeSpan.FromMilliseconds(15)) await Task.Delay(busy - TimeSpan.FromMilliseconds(5));
                }
                await wire.WriteAsync((bytes, count, now + (long)(delay.TotalSeconds * Stopwatch.Frequency)));
            }
        }
        catch (SocketException)
        {
            // The end of a connection, said roughly.
        }
        wire.Complete();
    }
}

/// <summary>The proxy as a process, so that its work is not taken for the client's; none where there is nothing to delay.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private readonly Process? _process;

    public ProxyProcess(int to, int latency, int rate)
    {
        Port = to;
        if (latency == 0 && rate == 0) return;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet") start.ArgumentList.Add(typeof(ProxyProcess).Assembly.Location);
        foreach (var argument in new[] { "proxy", $"{to}", $"{latency}", $"{rate}" }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        Port = int.Parse(_process.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
