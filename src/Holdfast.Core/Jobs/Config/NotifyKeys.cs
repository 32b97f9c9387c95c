namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>notify</c> and of the ways in it.</summary>
internal static class NotifyKeys
{
    private const string AddressMeaning = "Where to; `url_file` instead when the address is a secret.";
    private const string AddressFileMeaning = "The file that holds the address.";
    private static readonly ScalarForm<string> When = Forms.Choice("failure", "change", "always");

    public static ConfigSection<EmailOptions> Email { get; } = new("email", new EmailOptions(),
    [
        KeyOf<EmailOptions>.Key("smtp", NotifyForms.MailServer, e => e.Smtp, (e, v) => e with { Smtp = v },
            "The mail server and its port; without one 587, with `tls: implicit` 465, with `tls: none` 25.", "smtp.example.org:587"),
        KeyOf<EmailOptions>.Key("tls", Forms.Choice("starttls", "implicit", "none"), e => e.Tls, (e, v) => e with { Tls = v },
            "How the connection is sealed before anything is said: by STARTTLS, from the first byte, or not at all.", "starttls", "implicit on port 465, else starttls"),
        KeyOf<EmailOptions>.Key("ca", Forms.Path, e => e.Ca, (e, v) => e with { Ca = v },
            "The file (PEM) of the certificates that vouch for the server's, when it is not one the system trusts.", "~/.config/holdfast/mail-ca.pem", "the system's"),
        KeyOf<EmailOptions>.Key("timeout", Forms.Duration, e => (TimeSpan?)e.Timeout, (e, v) => e with { Timeout = v },
            "How long each answer of the server may take.", "30s", "60s"),
        KeyOf<EmailOptions>.Key("user", Forms.Text, e => e.User, (e, v) => e with { User = v },
            "Whom to sign in as. It needs one of the three passwords below.", "me", "nobody"),
        KeyOf<EmailOptions>.Key("password_file", Forms.Path, e => e.PasswordFile, (e, v) => e with { PasswordFile = v },
            "The file that holds the password.", "~/.config/holdfast/smtp"),
        KeyOf<EmailOptions>.Key("password_env", Forms.Text, e => e.PasswordEnv, (e, v) => e with { PasswordEnv = v },
            "The environment variable that holds the password.", "SMTP_PASSWORD"),
        KeyOf<EmailOptions>.Key("password_command", Forms.Command, e => e.PasswordCommand, (e, v) => e with { PasswordCommand = v },
            "The shell command that prints the password.", "secret-tool lookup service smtp"),
        KeyOf<EmailOptions>.Key("from", NotifyForms.Sender, e => e.From, (e, v) => e with { From = v },
            "The sender.", "me@example.org"),
        KeyOf<EmailOptions>.Key("to", new ListForm<string>(NotifyForms.Reader, "addresses"), e => e.To, (e, v) => e with { To = v },
            "The readers. One without @ is at the sender's domain.", "[me@example.org]"),
        KeyOf<EmailOptions>.Key("subject", Forms.Text, e => e.Subject, (e, v) => e with { Subject = v },
            "The subject; `{job}`, `{outcome}` and `{client}` stand for theirs.", "\"backup of {job}: {outcome}\"", "Holdfast on {client}: {job} {outcome}"),
        KeyOf<EmailOptions>.Key("when", When, e => e.When, (e, v) => e with { When = v },
            "After which runs: those that failed or left files out, also those that brought a change, or all.", "failure", "failure"),
    ],
    ProblemOf, "smtp", "from", "to");

    public static ConfigSection<WebhookOptions> Webhook { get; } = new("webhook", new WebhookOptions(),
    [
        KeyOf<WebhookOptions>.Key("url", NotifyForms.Address, w => w.Url, (w, v) => w with { Url = v }, AddressMeaning, "https://example.org/hook"),
        KeyOf<WebhookOptions>.Key("url_file", Forms.Path, w => w.UrlFile, (w, v) => w with { UrlFile = v }, AddressFileMeaning, "~/.config/holdfast/webhook"),
        KeyOf<WebhookOptions>.Key("token_file", Forms.Path, w => w.TokenFile, (w, v) => w with { TokenFile = v },
            "The file that holds a token, sent as `Authorization: Bearer`.", "~/.config/holdfast/webhook.token"),
        KeyOf<WebhookOptions>.Key("when", When, w => w.When, (w, v) => w with { When = v }, "After which runs, as for mail.", "always", "failure"),
    ],
    w => OneOf(w.Url, w.UrlFile));

    public static ConfigSection<PushOptions> Push { get; } = new("push", new PushOptions(),
    [
        KeyOf<PushOptions>.Key("url", NotifyForms.Address, p => p.Url, (p, v) => p with { Url = v }, AddressMeaning, "https://ntfy.sh/my-topic"),
        KeyOf<PushOptions>.Key("url_file", Forms.Path, p => p.UrlFile, (p, v) => p with { UrlFile = v }, AddressFileMeaning, "~/.config/holdfast/ntfy"),
        KeyOf<PushOptions>.Key("token_file", Forms.Path, p => p.TokenFile, (p, v) => p with { TokenFile = v },
            "The file that holds a token, sent as `Authorization: Bearer`.", "~/.config/holdfast/ntfy.token"),
        KeyOf<PushOptions>.Key("when", When, p => p.When, (p, v) => p with { When = v }, "After which runs, as for mail.", "failure", "failure"),
    ],
    p => OneOf(p.Url, p.UrlFile));

    public static ConfigSection<PingOptions> Ping { get; } = new("ping", new PingOptions(),
    [
        KeyOf<PingOptions>.Key("url", NotifyForms.Address, p => p.Url, (p, v) => p with { Url = v },
            "The check's address: `/start` is added at the start, `/fail` after a failure; `url_file` instead when the address is a secret.", "https://hc-ping.com/1f0c"),
        KeyOf<PingOptions>.Key("url_file", Forms.Path, p => p.UrlFile, (p, v) => p with { UrlFile = v }, AddressFileMeaning, "~/.config/holdfast/ping"),
    ],
    p => OneOf(p.Url, p.UrlFile));

    public static ConfigSection<NotifyCommandOptions> Command { get; } = new("command", new NotifyCommandOptions(),
    [
        KeyOf<NotifyCommandOptions>.Key("run", Forms.Command, c => c.Run, (c, v) => c with { Run = v },
            "The shell command. The report is its standard input, as JSON; HOLDFAST_JOB, HOLDFAST_OUTCOME and HOLDFAST_SUBJECT are set.", "./tell.sh"),
        KeyOf<NotifyCommandOptions>.Key("when", When, c => c.When, (c, v) => c with { When = v }, "After which runs, as for mail.", "failure", "failure"),
    ],
    null, "run");

    public static ConfigSection<NotifyOptions> Section { get; } = new("notify", new NotifyOptions(),
    [
        KeyOf<NotifyOptions>.Key("email", new SectionForm<EmailOptions>(Email), n => n.Email, (n, v) => n with { Email = v },
            "Mail.", "{smtp: \"smtp.example.org:587\", from: me@example.org, to: me@example.org}"),
        KeyOf<NotifyOptions>.Key("webhook", new SectionForm<WebhookOptions>(Webhook), n => n.Webhook, (n, v) => n with { Webhook = v },
            "A POST with the report as JSON.", "{url: \"https://example.org/hook\", when: always}"),
        KeyOf<NotifyOptions>.Key("push", new SectionForm<PushOptions>(Push), n => n.Push, (n, v) => n with { Push = v },
            "A message to a phone, through ntfy.", "{url: \"https://ntfy.sh/my-topic\"}"),
        KeyOf<NotifyOptions>.Key("ping", new SectionForm<PingOptions>(Ping), n => n.Ping, (n, v) => n with { Ping = v },
            "Signs of life for a service such as healthchecks, which raises the alarm when they stay away.", "{url: \"https://hc-ping.com/1f0c\"}"),
        KeyOf<NotifyOptions>.Key("command", new SectionForm<NotifyCommandOptions>(Command), n => n.Command, (n, v) => n with { Command = v },
            "A shell command.", "{run: ./tell.sh}"),
        KeyOf<NotifyOptions>.Key("digest", NotifyForms.Digest, n => n.Digest, (n, v) => n with { Digest = v },
            "When the daemon tells in every way above what ran since the last digest: `daily` and `weekly` (at 8, on Mondays), or a schedule.", "weekly", "never"),
        KeyOf<NotifyOptions>.Key("tries", Forms.AtLeastOne, n => (int?)n.Tries, (n, v) => n with { Tries = v },
            "How often each way is tried. What did not arrive then is kept for a week, and tried again by later runs and the daemon.", "3", "3"),
        KeyOf<NotifyOptions>.Key("retry_after", Forms.Duration, n => (TimeSpan?)n.RetryAfter, (n, v) => n with { RetryAfter = v },
            "How long after a try that failed the next one comes; twice as long each time.", "30s", "5s"),
    ]);

    private static string? ProblemOf(EmailOptions mail)
    {
        if (mail.Timeout <= TimeSpan.Zero)
            return "has a 'timeout' that leaves the server no time";
        if (mail is { Tls: "none", Ca: not null })
            return "has a 'ca' and 'tls: none', where no certificate is shown; leave one of them";
        var passwords = new[] { mail.PasswordFile, mail.PasswordEnv, mail.PasswordCommand }.Count(p => p is not null);
        if (mail.User is not null && passwords == 0)
            return "has a 'user' and no password; add 'password_file', 'password_env' or 'password_command'";
        if (mail.User is null && passwords > 0)
            return "has a password and no 'user' to sign in as";
        if (passwords > 1)
            return "has more than one password; leave one of 'password_file', 'password_env' and 'password_command'";
        return mail.User is not null && mail.Tls is "none" && !IsThisMachine(mail.Smtp) ? "would send a password without 'tls: starttls' or 'implicit'; anyone on the way could read it" : null;
    }

    private static bool IsThisMachine(string? server) => server is not null && NotifyForms.ServerOf(server, tls: null).Host is "localhost" or "127.0.0.1" or "::1";

    private static string? OneOf(string? url, string? file) => (url, file) switch
    {
        (null, null) => "has no 'url'",
        (not null, not null) => "has a 'url' and a 'url_file'; leave one of them",
        _ => null,
    };
}
