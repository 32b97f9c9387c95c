using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>Mail, as text and as HTML, to each reader in one message.</summary>
internal sealed class EmailChannel(EmailOptions options, string folder) : IChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => "email";

    public bool Wants(Notice notice) => notice.IsFor(options.When);

    public async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        var (host, port) = NotifyForms.ServerOf(options.Smtp!);
        using var client = new SmtpClient(host, port) { EnableSsl = options.Tls is "starttls", UseDefaultCredentials = false };
        if (options.User is { } user)
            client.Credentials = new NetworkCredential(user, await PasswordAsync(cancellationToken).ConfigureAwait(false));
        using var message = MessageOf(notice);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await client.SendMailAsync(message, limit.Token).ConfigureAwait(false);
        }
        catch (SmtpFailedRecipientsException e)
        {
            throw new NotToldException($"{options.Smtp} refused {string.Join(", ", e.InnerExceptions.Select(i => i.FailedRecipient))}: {e.InnerExceptions[0].Message}", helpsToTryAgain: false, e);
        }
        catch (SmtpFailedRecipientException e)
        {
            throw new NotToldException($"{options.Smtp} refused {e.FailedRecipient}: {e.Message}", helpsToTryAgain: false, e);
        }
        catch (SmtpException e)
        {
            throw new NotToldException($"{options.Smtp}: {Innermost(e).Message}", MayPass(e), e);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            throw new NotToldException($"{options.Smtp}: {e.Message}", helpsToTryAgain: true, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotToldException($"{options.Smtp} did not answer within {Duration.Format(Patience)}", helpsToTryAgain: true, e);
        }
    }

    private MailMessage MessageOf(Notice notice)
    {
        var from = new MailAddress(options.From!, "Holdfast", Encoding.UTF8);
        var message = new MailMessage
        {
            From = from,
            Subject = SubjectOf(notice),
            SubjectEncoding = Encoding.UTF8,
            Body = notice.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
            Headers = { ["Auto-Submitted"] = "auto-generated" }, // RFC 3834: answering machines stay silent.
        };
        foreach (var reader in options.To)
            message.To.Add(reader.Contains('@', StringComparison.Ordinal) ? reader : $"{reader}@{from.Host}");
        var html = AlternateView.CreateAlternateViewFromString(HtmlOf(notice), Encoding.UTF8, "text/html");
        html.TransferEncoding = TransferEncoding.QuotedPrintable;
        message.AlternateViews.Add(html);
        return message;
    }

    private string SubjectOf(Notice notice)
    {
        var subject = options.Subject is { } own
            ? own.Replace("{job}", notice.Job, StringComparison.Ordinal).Replace("{outcome}", notice.Outcome, StringComparison.Ordinal).Replace("{client}", notice.Client, StringComparison.Ordinal)
            : notice.Subject;
        return string.Concat(subject.Select(c => char.IsControl(c) ? ' ' : c)); // A line break would begin another header.
    }

    private static string HtmlOf(Notice notice) =>
        $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><h2 style=\"color:{(notice.IsBad ? "#b00020" : "#1b5e20")}\">{WebUtility.HtmlEncode(notice.Subject)}</h2><pre>{WebUtility.HtmlEncode(notice.Text)}</pre></body></html>";

    private async Task<string> PasswordAsync(CancellationToken cancellationToken) =>
        options.PasswordFile is { } file ? SecretText.OfFile(file)
        : options.PasswordEnv is { } name ? SecretText.OfVariable(name)
        : await SecretText.OfCommandAsync(options.PasswordCommand!, folder, cancellationToken).ConfigureAwait(false);

    // RFC 5321: what begins with 5 is final.
    private static bool MayPass(SmtpException e) => (int)e.StatusCode is < 500 or >= 600;

    private static Exception Innermost(Exception e) => e is SmtpException { StatusCode: not SmtpStatusCode.GeneralFailure } || e.InnerException is null ? e : Innermost(e.InnerException);
}
