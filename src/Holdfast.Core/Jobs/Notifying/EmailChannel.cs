using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Jobs.Notifying.Mail;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>Mail, as text and as HTML, to each reader in one message.</summary>
internal sealed class EmailChannel(EmailOptions options, string folder) : IChannel
{
    public string Name => "email";

    public bool Wants(Notice notice) => notice.IsFor(options.When);

    public async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        try
        {
            (string, string)? login = options.User is { } user ? (user, await PasswordAsync(cancellationToken).ConfigureAwait(false)) : null;
            var mail = MailOf(notice);
            var readers = mail.To.Select(MailText.AddressOf).Where(a => notice.Readers?.Contains(a) ?? true).ToList();
            Require(await SmtpDelivery.SendAsync(ServerOf(options), login, mail, readers, cancellationToken).ConfigureAwait(false));
        }
        catch (NotToldException e) when (e.Remaining is null)
        {
            throw new NotToldException($"{options.Smtp}: {e.Message}", e.HelpsToTryAgain, e);
        }
        catch (AuthenticationException e)
        {
            throw new NotToldException($"{options.Smtp}: its certificate is not trusted: {Innermost(e).Message}. Name the one that vouches for it with 'ca', when it is your own", helpsToTryAgain: false, e);
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException)
        {
            throw new NotToldException($"{options.Smtp}: {Innermost(e).Message}", helpsToTryAgain: true, e);
        }
    }

    internal static SmtpServer ServerOf(EmailOptions options)
    {
        var (host, port) = NotifyForms.ServerOf(options.Smtp!, options.Tls);
        var tls = options.Tls switch { "none" => SmtpTls.None, "implicit" => SmtpTls.Implicit, null when port is NotifyForms.ImplicitPort => SmtpTls.Implicit, _ => SmtpTls.StartTls };
        return new SmtpServer(host, port, tls, options.Ca, options.Timeout);
    }

    private void Require(IReadOnlyList<RefusedReader> refused)
    {
        if (refused.Count == 0)
            return;
        var later = refused.Where(r => r.Reply.MayPass).ToList();
        throw new NotToldException(Words(refused), helpsToTryAgain: later.Count > 0)
        {
            Remaining = [.. later.Select(r => r.Address)],
            Final = later.Count == refused.Count ? null : Words(refused.Except(later)),
        };
    }

    private string Words(IEnumerable<RefusedReader> refused) => $"{options.Smtp} refused {string.Join("; ", refused.Select(r => $"{r.Address}: {r.Reply.Text}"))}";

    private MailText MailOf(Notice notice)
    {
        var from = new MailAddress(options.From!);
        return new MailText
        {
            From = from.DisplayName.Length == 0 ? new MailAddress(from.Address, "Holdfast") : from,
            To = [.. options.To.Select(reader => new MailAddress(reader.Contains('@', StringComparison.Ordinal) ? reader : $"{reader}@{from.Host}"))],
            Subject = SubjectOf(notice),
            Date = notice.Time,
            Id = notice.Id,
            Text = notice.Text,
            Html = HtmlOf(notice),
        };
    }

    private string SubjectOf(Notice notice) => options.Subject is { } own
        ? own.Replace("{job}", notice.Job, StringComparison.Ordinal).Replace("{outcome}", notice.Outcome, StringComparison.Ordinal).Replace("{client}", notice.Client, StringComparison.Ordinal)
        : notice.Subject;

    private static string HtmlOf(Notice notice) =>
        $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><h2 style=\"color:{(notice.IsBad ? "#b00020" : "#1b5e20")}\">{WebUtility.HtmlEncode(notice.Subject)}</h2><pre>{WebUtility.HtmlEncode(notice.Text)}</pre></body></html>";

    private async Task<string> PasswordAsync(CancellationToken cancellationToken) =>
        options.PasswordFile is { } file ? SecretText.OfFile(file)
        : options.PasswordEnv is { } name ? SecretText.OfVariable(name)
        : await SecretText.OfCommandAsync(options.PasswordCommand!, folder, cancellationToken).ConfigureAwait(false);

    private static Exception Innermost(Exception e) => e.InnerException is { } inner && e is not TimeoutException ? Innermost(inner) : e;
}
