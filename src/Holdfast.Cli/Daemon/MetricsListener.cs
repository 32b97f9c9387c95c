using System.Net;
using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Daemon;

/// <summary>Answers GET /metrics with how the jobs stand, on an address of this machine's own. Nothing else is to be had there.</summary>
internal sealed class MetricsListener(Session session) : IDisposable
{
    private HttpListener? _listener;
    private string? _address;

    /// <summary>Listens where the config says now, and nowhere else any more.</summary>
    /// <exception cref="HoldfastException">The port is taken; it goes on where it was.</exception>
    public void Follow()
    {
        var address = session.Config.Daemon.Listen;
        if (address == _address)
            return;
        var next = address is null ? null : Listen(address);
        Dispose();
        (_listener, _address) = (next, address);
        if (next is not null)
            _ = ServeAsync(next);
    }

    public void Dispose() => _listener?.Close();

    private static HttpListener Listen(string address)
    {
        var listener = new HttpListener();
        try
        {
            listener.Prefixes.Add($"http://{address}/");
            listener.Start();
            return listener;
        }
        catch (HttpListenerException e)
        {
            listener.Close();
            throw new HoldfastException(ErrorKind.Failed, $"cannot listen on {address}: {e.Message}", "Choose another port for 'listen' under 'daemon'.", e);
        }
    }

    private async Task ServeAsync(HttpListener listener)
    {
        while (listener.IsListening)
            try
            {
                Answer(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Whoever asked is gone, or we close.
            }
    }

    private void Answer(HttpListenerContext asked)
    {
        using var response = asked.Response;
        if (asked.Request is not { HttpMethod: "GET", Url.AbsolutePath: "/metrics" })
        {
            response.StatusCode = 404;
            return;
        }
        try
        {
            var text = Encoding.UTF8.GetBytes(MetricsText.Of(session));
            response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            response.OutputStream.Write(text);
        }
        catch (Exception e) when (e is HoldfastException or IOException)
        {
            response.StatusCode = 503;
            response.OutputStream.Write(Encoding.UTF8.GetBytes(e.Message + "\n"));
        }
    }
}
