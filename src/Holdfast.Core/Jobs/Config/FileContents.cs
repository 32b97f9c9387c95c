namespace Holdfast.Core.Jobs.Config;

/// <summary>What stands in a config file, before defaults meet jobs.</summary>
internal sealed record FileContents
{
    public string? Client { get; init; }

    public string? State { get; init; }

    public LogOptions? Log { get; init; }

    public JobOptions Defaults { get; init; } = new();

    public IReadOnlyList<Named<JobOptions>> Jobs { get; init; } = [];

    public TelegramOptions? Telegram { get; init; }

    public DaemonOptions? Daemon { get; init; }

    public NotifyOptions? Notify { get; init; }
}
