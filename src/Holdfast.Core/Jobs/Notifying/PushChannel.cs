using System.Text;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>A message to an ntfy topic (docs.ntfy.sh/publish): the text is the body, all else are headers.</summary>
internal sealed class PushChannel(PushOptions options) : IChannel
{
    // ntfy turns what is longer than 4,096 bytes into an attachment, or refuses it.
    private const int Most = 4000;

    public string Name => "push";

    public bool Wants(Notice notice) => notice.IsFor(options.When);

    public async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Shortened(notice.Text));
        await WebRequest.PostAsync(WebRequest.Address(options.Url, options.UrlFile), content, options.TokenFile, headers =>
        {
            headers.TryAddWithoutValidation("Title", notice.Subject);
            headers.TryAddWithoutValidation("Priority", notice.IsBad ? "high" : "default");
            headers.TryAddWithoutValidation("Tags", notice.IsBad ? "warning" : "white_check_mark");
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>At most <see cref="Most"/> bytes, cut between characters.</summary>
    private static byte[] Shortened(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= Most)
            return bytes;
        var end = Most;
        while ((bytes[end] & 0xC0) == 0x80)
            end--;
        return [.. bytes[..end], .. "…"u8];
    }
}
