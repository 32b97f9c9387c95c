using System.Text;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>Signs of life as healthchecks.io takes them: the address itself for success, <c>/start</c> and <c>/fail</c> below it.</summary>
internal sealed class PingChannel(PingOptions options) : IChannel
{
    public string Name => "ping";

    // A check would go off if a job that is overdue were a sign of life; it does so by itself. A digest is no run.
    public bool Wants(Notice notice) => notice.Kind is not (NoticeKind.Overdue or NoticeKind.Digest);

    public Task SendAsync(Notice notice, CancellationToken cancellationToken) => PingAsync(notice.IsBad ? "/fail" : "", notice.Text, cancellationToken);

    /// <summary>Says that a run begins.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => PingAsync("/start", "", cancellationToken);

    private async Task PingAsync(string below, string text, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(WebRequest.Address(options.Url, options.UrlFile));
        address.Path = address.Path.TrimEnd('/') + below;
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        await WebRequest.PostAsync(address.Uri, content, null, null, cancellationToken).ConfigureAwait(false);
    }
}
