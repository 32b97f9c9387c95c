using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>A mail as it travels (RFC 5322 and 2045): the same as text and as HTML, in ASCII and short lines.</summary>
internal sealed record MailText
{
    /// <summary>The sender; its name is shown.</summary>
    public required MailAddress From { get; init; }

    /// <summary>Everyone it is for.</summary>
    public required IReadOnlyList<MailAddress> To { get; init; }

    /// <summary>In any letters.</summary>
    public required string Subject { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The same for the same mail sent twice, so that readers' programs show it once.</summary>
    public required string Id { get; init; }

    /// <summary>For those who read text.</summary>
    public required string Text { get; init; }

    /// <summary>For those who read HTML.</summary>
    public required string Html { get; init; }

    /// <summary>The sender's address for the envelope.</summary>
    public string Sender => AddressOf(From);

    /// <summary>An address in ASCII: the domain as the DNS knows it.</summary>
    public static string AddressOf(MailAddress address) => $"{address.User}@{(address.Host.StartsWith('[') ? address.Host : new IdnMapping().GetAscii(address.Host))}";

    /// <summary>All of it; lines end with CR LF.</summary>
    public string Lines()
    {
        var boundary = "=_holdfast-" + Id; // "=_" cannot come out of quoted-printable (RFC 2045, 6.7).
        var mail = new StringBuilder();
        Header(mail, "From", Shown(From));
        Header(mail, "To", string.Join(",\r\n ", To.Select(Shown)));
        Header(mail, "Subject", EncodedWord.Of(Subject));
        Header(mail, "Date", Date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + Date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));
        Header(mail, "Message-ID", $"<{Id}@{AddressOf(From).Split('@')[^1]}>");
        Header(mail, "Auto-Submitted", "auto-generated"); // RFC 3834: answering machines stay silent.
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        Part(mail, boundary, "text/plain", Text);
        Part(mail, boundary, "text/html", Html);
        return mail.Append(CultureInfo.InvariantCulture, $"\r\n--{boundary}--\r\n").ToString();
    }

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder mail, string boundary, string type, string text) =>
        mail.Append(CultureInfo.InvariantCulture, $"\r\n--{boundary}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n").Append(QuotedPrintable.Of(text));

    private static string Shown(MailAddress address) => address.DisplayName.Length == 0 ? AddressOf(address) : $"{EncodedWord.OfName(address.DisplayName)} <{AddressOf(address)}>";
}
