namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>notify</c> and its <c>email</c>.</summary>
internal static class NotifyKeys
{
    public static ConfigSection<EmailOptions> Email { get; } = new("email", new EmailOptions(),
    [
        KeyOf<EmailOptions>.Key("smtp", Forms.Text, e => e.Smtp, (e, v) => e with { Smtp = v },
            "The mail server and its port.", "smtp.example.org:587"),
        KeyOf<EmailOptions>.Key("user", Forms.Text, e => e.User, (e, v) => e with { User = v },
            "Whom to sign in as.", "me", "nobody"),
        KeyOf<EmailOptions>.Key("password_file", Forms.Path, e => e.PasswordFile, (e, v) => e with { PasswordFile = v },
            "The file that holds the password.", "~/.config/holdfast/smtp"),
        KeyOf<EmailOptions>.Key("from", Forms.Text, e => e.From, (e, v) => e with { From = v },
            "The sender.", "me@example.org"),
        KeyOf<EmailOptions>.Key("to", new ListForm<string>(Forms.Text, "texts"), e => e.To, (e, v) => e with { To = v },
            "The readers.", "[me@example.org]"),
        KeyOf<EmailOptions>.Key("when", Forms.Choice("failure", "change", "always"), e => e.When, (e, v) => e with { When = v },
            "After which runs.", "failure", "failure"),
    ],
    null, "smtp", "from", "to");

    public static ConfigSection<NotifyOptions> Section { get; } = new("notify", new NotifyOptions(),
    [
        KeyOf<NotifyOptions>.Key("email", new SectionForm<EmailOptions>(Email), n => n.Email, (n, v) => n with { Email = v },
            "Mail.", "{smtp: \"smtp.example.org:587\", from: me@example.org, to: me@example.org}"),
    ]);
}
