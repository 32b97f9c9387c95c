using System.Text;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>A reader that a server did not take.</summary>
internal sealed record RefusedReader(string Address, SmtpReply Reply);

/// <summary>One mail handed to a mail server, from its greeting to QUIT (RFC 5321).</summary>
internal sealed class SmtpDelivery(SmtpConnection connection, SmtpServer server, CancellationToken cancellationToken)
{
    /// <summary>Hands a mail over to a server for everyone it takes.</summary>
    /// <param name="server">The server.</param>
    /// <param name="login">Whom to sign in as, and the password; null for nobody.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="readers">Addresses for the envelope.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Those it did not take; everyone else gets the mail. When it is all of them, nobody does.</returns>
    /// <exception cref="NotToldException">Nobody gets it; the server said why.</exception>
    /// <exception cref="IOException">The connection failed; so it is with the socket's own and the certificate's exceptions.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    public static async Task<IReadOnlyList<RefusedReader>> SendAsync(
        SmtpServer server, (string User, string Password)? login, MailText mail, IReadOnlyList<string> readers, CancellationToken cancellationToken)
    {
        using var connection = await SmtpConnection.OpenAsync(server, cancellationToken).ConfigureAwait(false);
        var delivery = new SmtpDelivery(connection, server, cancellationToken);
        var offers = await delivery.GreetAsync().ConfigureAwait(false);
        if (login is { } known)
            await delivery.SignInAsync(offers, known.User, known.Password).ConfigureAwait(false);
        return await delivery.HandOverAsync(mail, readers).ConfigureAwait(false);
    }

    private async Task<SmtpReply> GreetAsync()
    {
        if (server.Tls is SmtpTls.Implicit)
            await connection.SealAsync(cancellationToken).ConfigureAwait(false);
        Require(await connection.ReadAsync(cancellationToken).ConfigureAwait(false), "would not talk");
        var offers = await HelloAsync().ConfigureAwait(false);
        if (server.Tls is not SmtpTls.StartTls)
            return offers;
        if (offers.Offer("STARTTLS") is null)
            throw new NotToldException("it offers no STARTTLS; where it speaks TLS from the first byte (port 465) set 'tls: implicit'", helpsToTryAgain: false);
        Require(await connection.SayAsync("STARTTLS", cancellationToken).ConfigureAwait(false), "would not begin TLS");
        await connection.SealAsync(cancellationToken).ConfigureAwait(false);
        return await HelloAsync().ConfigureAwait(false); // What it offered before TLS may have been said by somebody on the way.
    }

    private async Task<SmtpReply> HelloAsync() =>
        Require(await connection.SayAsync($"EHLO {connection.OwnName}", cancellationToken).ConfigureAwait(false), "did not take EHLO");

    private async Task SignInAsync(SmtpReply offers, string user, string password)
    {
        var ways = offers.Offer("AUTH") ?? throw new NotToldException("it lets nobody sign in here; leave out 'user', or name its port for submission (587)", helpsToTryAgain: false);
        SmtpReply reply;
        if (ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase)) // RFC 4616
            reply = await connection.SayAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancellationToken).ConfigureAwait(false);
        else if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
            reply = await LoginAsync(user, password).ConfigureAwait(false);
        else
            throw new NotToldException($"it signs people in by {string.Join(", ", ways)} only; PLAIN or LOGIN is needed", helpsToTryAgain: false);
        Require(reply, $"did not let '{user}' in");
    }

    private async Task<SmtpReply> LoginAsync(string user, string password)
    {
        var reply = await connection.SayAsync("AUTH LOGIN", cancellationToken).ConfigureAwait(false);
        foreach (var answer in new[] { user, password })
            if (reply.Code == 334)
                reply = await connection.SayAsync(Base64(answer), cancellationToken).ConfigureAwait(false);
        return reply;
    }

    private async Task<IReadOnlyList<RefusedReader>> HandOverAsync(MailText mail, IReadOnlyList<string> readers)
    {
        Require(await connection.SayAsync($"MAIL FROM:<{mail.Sender}>", cancellationToken).ConfigureAwait(false), $"takes no mail from {mail.Sender}");
        var refused = new List<RefusedReader>();
        foreach (var reader in readers)
            if (await connection.SayAsync($"RCPT TO:<{reader}>", cancellationToken).ConfigureAwait(false) is { IsGood: false } no)
                refused.Add(new RefusedReader(reader, no));
        if (refused.Count < readers.Count)
        {
            Require(await connection.SayAsync("DATA", cancellationToken).ConfigureAwait(false), "takes no mail");
            Require(await connection.SendAsync(Stuffed(mail.Lines()), cancellationToken).ConfigureAwait(false), "did not take the mail");
        }
        await QuitAsync().ConfigureAwait(false);
        return refused;
    }

    /// <summary>The mail is with the server; what goes wrong now takes it away from nobody.</summary>
    private async Task QuitAsync()
    {
        try
        {
            _ = await connection.SayAsync("QUIT", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
        }
    }

    /// <summary>A mail as DATA wants it: a line that begins with a dot gets a second one, a dot alone ends it (RFC 5321, 4.5.2).</summary>
    internal static byte[] Stuffed(string lines) =>
        Encoding.ASCII.GetBytes((lines.StartsWith('.') ? "." : "") + lines.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + (lines.EndsWith("\r\n", StringComparison.Ordinal) ? "" : "\r\n") + ".\r\n");

    private static SmtpReply Require(SmtpReply reply, string otherwise) =>
        reply.IsGood ? reply : throw new NotToldException($"it {otherwise}: {reply.Text}", reply.MayPass);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
