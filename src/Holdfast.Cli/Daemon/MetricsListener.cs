using System.Net;
using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Daemon;

/// <summary>Answers GET /metrics with how the jobs stand, on an address of this machine's own. Nothing else is to be had there.</summary>
internal sealed class MetricsListener : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Session _session;

    private MetricsListener(Session session) => _session = session;

    /// <summary>Begins to listen where the config says; null when it does not.</summary>
    /// <exception cref="HoldfastException">The port is taken.</exception>
    public static MetricsListener? Start(Session session)
    {
        if (session.Config.Daemon.Listen is not { } listen)
            return null;
        var listener = new MetricsListener(session);
        try
        {
            listener._listener.Prefixes.Add($"http://{listen}/");
            listener._listener.Start();
        }
        catch (HttpListenerException e)
        {
            listener.Dispose();
            throw new HoldfastException(ErrorKind.Failed, $"cannot listen on {listen}: {e.Message}", "Choose another port for 'listen' under 'daemon'.", e);
        }
        _ = listener.ServeAsync();
        return listener;
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
            try
            {
                Answer(await _listener.GetContextAsync());
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
            var text = Encoding.UTF8.GetBytes(MetricsText.Of(_session));
            response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            response.OutputStream.Write(text);
        }
        catch (HoldfastException e)
        {
            response.StatusCode = 503;
            response.OutputStream.Write(Encoding.UTF8.GetBytes(e.Message + "\n"));
        }
    }
}
