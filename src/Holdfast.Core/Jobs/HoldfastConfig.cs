using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Jobs;

/// <summary>A config, ready to use: defaults applied, paths absolute.</summary>
public sealed record HoldfastConfig
{
    /// <summary>This machine's name in the places.</summary>
    public required string Client { get; init; }

    /// <summary>Catalog, plans, caches, logs, sessions.</summary>
    public required string StateFolder { get; init; }

    /// <summary>What is logged.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>How to sign in to Telegram, or null.</summary>
    public TelegramOptions? Telegram { get; init; }

    /// <summary>Who hears of a run, or null.</summary>
    public NotifyOptions? Notify { get; init; }

    /// <summary>How the daemon runs jobs.</summary>
    public DaemonOptions Daemon { get; init; } = new();

    /// <summary>The file's absolute path; null when there is none.</summary>
    public string? File { get; init; }

    /// <summary>What holds without a config: enough for ad-hoc runs and reading.</summary>
    public static HoldfastConfig None(ConfigEnvironment? environment = null)
    {
        environment ??= ConfigEnvironment.OfProcess();
        return new HoldfastConfig { Client = environment.HostName, StateFolder = environment.DefaultStateFolder };
    }

    /// <summary>The job of a name.</summary>
    /// <exception cref="ConfigException">There is none; names the nearest.</exception>
    public Job Find(string name)
    {
        if (TryFind(name) is { } job)
            return job;
        if (Jobs.Count == 0)
            throw new ConfigException($"there is no job '{name}': there is no config.", "'holdfast init' writes one; 'holdfast backup PATH --to mirror:DIR' needs none.");
        var names = Jobs.Select(j => j.Name).ToList();
        throw new ConfigException(NearestName.Find(name, names) is { } near
            ? $"there is no job '{name}' in {File}: did you mean '{near}'?"
            : $"there is no job '{name}' in {File}; its jobs are {string.Join(", ", names)}.");
    }

    /// <summary>The job of a name, or null.</summary>
    public Job? TryFind(string name) => Jobs.FirstOrDefault(j => string.Equals(j.Name, name, StringComparison.Ordinal));
}
