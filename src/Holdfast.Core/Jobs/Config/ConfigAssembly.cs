namespace Holdfast.Core.Jobs.Config;

/// <summary>Puts defaults under jobs, fills in what was not said, and checks what only the whole can tell.</summary>
internal static class ConfigAssembly
{
    /// <summary>The config; null when the problems leave none.</summary>
    public static HoldfastConfig? Assemble(FileContents contents, string path, ConfigReading reading)
    {
        foreach (var job in contents.Jobs)
            JobCheck.Check(job, reading);
        if (contents.Jobs.Count == 0 && reading.Problems.Count == 0)
            reading.Problems.Add(new ConfigProblem(null, $"{reading.File} has no jobs; 'holdfast init' shows how one looks"));
        if (reading.Problems.Count > 0)
            return null;

        var state = contents.State ?? reading.Environment.DefaultStateFolder;
        return new HoldfastConfig
        {
            Client = contents.Client ?? reading.Environment.HostName,
            StateFolder = state,
            Log = contents.Log is { } log ? log with { Folder = InState(log.Folder) } : new LogOptions(),
            Telegram = contents.Telegram is { } telegram ? telegram with { Session = InState(telegram.Session ?? "telegram.session") } : null,
            Notify = contents.Notify,
            Daemon = contents.Daemon ?? new DaemonOptions(),
            Jobs = [.. contents.Jobs.Select(job => new Job(job.Name, job.Value.Over(contents.Defaults), reading.Folder))],
            File = path,
        };

        string? InState(string? name) => name is null ? null : PathValue.Absolute(name, state, reading.Environment);
    }
}
