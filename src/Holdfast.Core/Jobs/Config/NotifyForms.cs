using System.Globalization;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The forms of values that only <c>notify</c> has.</summary>
internal static class NotifyForms
{
    /// <summary>Where TLS is spoken from the first byte (RFC 8314).</summary>
    public const int ImplicitPort = 465;

    /// <summary>HOST:PORT.</summary>
    public static ScalarForm<string> MailServer { get; } = new("HOST:PORT", (text, _) => ReadServer(text), v => v, Forms.TextSchema);

    /// <summary>A whole mail address.</summary>
    public static ScalarForm<string> Sender { get; } = new(
        "a mail address", (text, _) => Readable(text).Contains('@', StringComparison.Ordinal) ? text : throw new FormatException($"'{text}' is no mail address; write NAME@DOMAIN"), v => v, Forms.TextSchema);

    /// <summary>A mail address, or a name at the sender's domain.</summary>
    public static ScalarForm<string> Reader { get; } = new("a mail address", (text, _) => Readable(text), v => v, Forms.TextSchema);

    /// <summary>An address of the web without a password in it.</summary>
    public static ScalarForm<string> Address { get; } = new("an address (https://…)", (text, _) => ReadAddress(text), v => v, () => Forms.Pattern("^https?://"));

    /// <summary>daily, weekly, cron's fields, or "every".</summary>
    public static ScalarForm<string> Digest { get; } = new(
        "daily, weekly or a schedule", (text, _) => ReadDigest(text), v => v, Forms.TextSchema);

    /// <summary>
    /// Where a mail server listens. A text that names no port means the one of the way the connection is sealed: 587, the port for
    /// submission (RFC 6409), with STARTTLS, 465 (RFC 8314) with TLS from the first byte, 25 (RFC 5321) without.
    /// </summary>
    public static (string Host, int Port) ServerOf(string text, string? tls)
    {
        var colon = text.EndsWith(']') ? -1 : text.LastIndexOf(':'); // [::1]
        var host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        return (host, colon >= 0 ? int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture) : tls switch { "none" => 25, "implicit" => ImplicitPort, _ => 587 });
    }

    private static string ReadDigest(string text) => text switch
    {
        "daily" => "0 8 * * *",
        "weekly" => "0 8 * * 1",
        "on-mount" => throw new FormatException("'on-mount' is no time for a digest; write daily, weekly, or five fields as in cron"),
        _ => ScheduleText.Problem(text) is { } problem ? throw new FormatException(problem) : text,
    };

    private static string ReadServer(string text)
    {
        var colon = text.LastIndexOf(':');
        var isGood = colon < 0 || text.EndsWith(']') ? text.Length > 0 : colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535;
        if (!isGood || text.Contains('/', StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal))
            throw new FormatException($"'{text}' is no mail server; write HOST:PORT, for example smtp.example.org:587");
        return text;
    }

    private static string Readable(string text)
    {
        var whole = text.Contains('@', StringComparison.Ordinal) ? text : text + "@example.org";
        if (!System.Net.Mail.MailAddress.TryCreate(whole, out var address) || text.Any(char.IsControl))
            throw new FormatException($"'{text}' is no mail address; write NAME@DOMAIN");
        return address.User.All(char.IsAscii) ? text : throw new FormatException($"'{text}': few mail servers take letters beyond ASCII before the @");
    }

    private static string ReadAddress(string text)
    {
        if (UrlSecrets.Find(text) is { } masked)
            throw new FormatException($"'{masked}' holds a secret; write the address into a file and name it with 'url_file'");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? text
            : throw new FormatException($"'{text}' is no address; write https://HOST/…");
    }
}
