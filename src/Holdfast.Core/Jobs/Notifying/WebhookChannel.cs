using System.Text;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>A POST with the notice as JSON.</summary>
internal sealed class WebhookChannel(WebhookOptions options) : IChannel
{
    public string Name => "webhook";

    public bool Wants(Notice notice) => notice.IsFor(options.When);

    public async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        using var content = new StringContent(notice.ToJson().ToJsonString(), Encoding.UTF8, "application/json");
        await WebRequest.PostAsync(WebRequest.Address(options.Url, options.UrlFile), content, options.TokenFile, null, cancellationToken).ConfigureAwait(false);
    }
}
