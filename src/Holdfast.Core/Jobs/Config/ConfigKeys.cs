namespace Holdfast.Core.Jobs.Config;

/// <summary>Every key there is, for help, docs and completion: the table the loader works from.</summary>
public static class ConfigKeys
{
    internal static IReadOnlyList<ConfigSection> Sections { get; } =
    [
        FileKeys.Section, JobKeys.Section, KeepKeys.Section, StoreKeys.Section, ChatKeys.Section, JobKeys.Defaults,
        LogKeys.Section, TelegramKeys.Section, NotifyKeys.Section, NotifyKeys.Email,
        NotifyKeys.Webhook, NotifyKeys.Push, NotifyKeys.Ping, NotifyKeys.Command, DaemonKeys.Section, VerifyKeys.Section,
    ];

    /// <summary>The blocks: "file", "job", "keep", "store", "chat", "defaults", "log", "telegram", "notify", "email", "webhook", "push", "ping", "command", "daemon", "verify".</summary>
    public static IReadOnlyList<string> Blocks { get; } = [.. Sections.Select(s => s.Name)];

    /// <summary>The keys of a block, in the order they are shown.</summary>
    /// <exception cref="ArgumentException">There is no such block.</exception>
    public static IReadOnlyList<ConfigKey> Of(string block) =>
        Sections.FirstOrDefault(s => string.Equals(s.Name, block, StringComparison.Ordinal))?.Keys
        ?? throw new ArgumentException($"there is no block '{block}'.", nameof(block));
}
