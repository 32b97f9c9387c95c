using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Holdfast.Cli.Tests.Running;

/// <summary>A request that arrived.</summary>
internal sealed record Arrived(string Path, string Body, IReadOnlyDictionary<string, string?> Headers);

/// <summary>A listener on loopback that keeps what arrives and answers 200, or what it was told.</summary>
internal sealed class WebListener : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Arrived> _arrived = new();
    private readonly ConcurrentQueue<int> _answers = new();
    private readonly Task _loop;

    public WebListener()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort.Next()}");
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    public string Url { get; }

    public IReadOnlyList<Arrived> All => [.. _arrived];

    /// <summary>The next requests are answered with these.</summary>
    public void Answer(params int[] codes)
    {
        foreach (var code in codes)
            _answers.Enqueue(code);
    }

    public void Dispose()
    {
        _listener.Abort(); // Stop and then Close would bind the port once more.
        _loop.Wait();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (_listener.IsListening)
                await TakeAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var headers = context.Request.Headers;
        _arrived.Enqueue(new Arrived(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync(), headers.AllKeys.OfType<string>().ToDictionary(k => k, k => headers[k], StringComparer.OrdinalIgnoreCase)));
        context.Response.StatusCode = _answers.TryDequeue(out var code) ? code : 200;
        context.Response.Close();
    }
}
