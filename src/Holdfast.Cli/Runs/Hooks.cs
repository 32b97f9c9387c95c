using System.Diagnostics;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>Shell commands around a run. What they print goes to standard error, so that ours stays ours.</summary>
internal static class Hooks
{
    /// <summary>Runs the commands in the config's folder, one after the other.</summary>
    /// <exception cref="HoldfastException">One of them failed.</exception>
    public static async Task RunAsync(string kind, IReadOnlyList<string> commands, Job job, CancellationToken cancellationToken)
    {
        foreach (var command in commands)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "exec /bin/sh -c \"$0\" >&2", command]) { WorkingDirectory = job.Folder };
            start.Environment["HOLDFAST_JOB"] = job.Name;
            start.Environment["HOLDFAST_HOOK"] = kind;
            using var process = Process.Start(start)!;
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
            if (process.ExitCode != 0)
                throw new HoldfastException(ErrorKind.Failed, $"the {kind} hook '{command}' ended with {process.ExitCode}.", kind == "before" ? "Nothing was backed up." : null);
        }
    }
}
