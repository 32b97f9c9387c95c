using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.ChatSelection>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of one chat under <c>chats</c>.</summary>
internal static class ChatKeys
{
    public static ConfigSection<ChatSelection> Section { get; } = new("chat", new ChatSelection("", []),
    [
        Key("range", JobForms.MessageRange, c => c.Range, (c, v) => c with { Range = v },
            "Message ids to archive between, newest first; 0 is no end.", "[500, 0]", "all messages"),
    ]);

    /// <summary>Chats by number or @name.</summary>
    public static MapForm<ChatSelection> Chats { get; } = new("chat", Section, mayBeEmpty: true, NameProblem);

    private static string? NameProblem(string name) =>
        name.StartsWith('@') && name.Length > 1 || long.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out _)
            ? null
            : "a chat is a number in quotes (\"-1001234567890\") or a name (\"@news\")";
}
