using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.TelegramOptions>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>telegram</c>.</summary>
internal static class TelegramKeys
{
    public static ConfigSection<TelegramOptions> Section { get; } = new("telegram", new TelegramOptions(),
    [
        Key("api_id", Forms.AtLeastOne, t => t.ApiId, (t, v) => t with { ApiId = v },
            "The application's number, from my.telegram.org.", "1"),
        Key("api_hash_file", Forms.Path, t => t.ApiHashFile, (t, v) => t with { ApiHashFile = v },
            "The file that holds the application's hash.", "~/.config/holdfast/telegram.hash"),
        Key("session", Forms.Text, t => t.Session, (t, v) => t with { Session = v },
            "The file the session lives in, relative to the state folder.", "telegram.session", "telegram.session"),
        Key("session_key_file", Forms.Path, t => t.SessionKeyFile, (t, v) => t with { SessionKeyFile = v },
            "The file that holds the key the session is sealed with.", "~/.config/holdfast/session.key"),
    ],
    null, "api_id", "api_hash_file");
}
