using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>Shell commands around a run. What they print goes to standard error, so that ours stays ours.</summary>
internal static class Hooks
{
    /// <summary>Runs the commands in the config's folder, one after the other.</summary>
    /// <param name="kind">"before", "after" or "on_failure".</param>
    /// <param name="commands">Lines for the shell.</param>
    /// <param name="job">The job they belong to.</param>
    /// <param name="report">The run's report as JSON, their standard input; empty when there is none.</param>
    /// <param name="cancellationToken">Kills the one that runs.</param>
    /// <exception cref="HoldfastException">One of them failed.</exception>
    public static async Task RunAsync(string kind, IReadOnlyList<string> commands, Job job, ReadOnlyMemory<byte> report, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOLDFAST_JOB"] = job.Name,
            ["HOLDFAST_HOOK"] = kind,
        };
        foreach (var command in commands)
            if (await ShellCommand.RunAsync(command, job.Folder, variables, report, cancellationToken) is var code and not 0)
                throw new HoldfastException(ErrorKind.Failed, $"the {kind} hook '{command}' ended with {code}.", kind == "before" ? "Nothing was backed up." : null);
    }
}
