using Holdfast.Cli.Output;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast config check</c>: whether the config is right, and whether its jobs can run.</summary>
internal static class ConfigCheckCommand
{
    public static Verb Create() =>
        new Verb("check", "Check the config; every problem is named with its line")
        {
            Examples = ["holdfast config check --config ./holdfast.yaml"],
        }.Does((session, _, _) =>
        {
            var config = session.Config;
            if (config.File is null)
                throw new ConfigException("there is no config.", "'holdfast init' writes one.");
            var code = ExitCode.Done;
            foreach (var job in config.Jobs)
                if (ProblemOf(job) is { } problem)
                {
                    ErrorPrinter.Print(session, problem, ExitCode.Usage);
                    code = ExitCode.Usage;
                }
            if (code == ExitCode.Done && session.Json)
                JsonLine.Write(StandardStreams.Out, json =>
                {
                    json.WriteString("type", "config_check");
                    json.WriteString("file", config.File);
                    json.WriteNumber("jobs", config.Jobs.Count);
                });
            else if (code == ExitCode.Done)
                session.Text.WriteLine($"{config.File}: {Sizes.Count(config.Jobs.Count, "job")}, no problems");
            return Task.FromResult(code);
        });

    private static string? ProblemOf(Job job)
    {
        if (job.Unsupported is { } reason)
            return $"job '{job.Name}': {reason}";
        try
        {
            foreach (var address in job.To)
                if (address.LocalPath is { } path)
                    SourceOverlap.Check(job.From, path);
            return null;
        }
        catch (Core.Model.HoldfastException e)
        {
            return $"job '{job.Name}': {e.Message}";
        }
    }
}
