using System.CommandLine;
using Holdfast.Cli.Runs;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast backup</c>: jobs of the config, or any paths to any target.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string[]> What = new("JOB|PATH")
    {
        Description = "Jobs of the config (none = every job); with --to, the paths to back up",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string[]> To = new("--to") { Description = "Where to, without a config: for example mirror:/media/usb/backup", HelpName = "TARGET" };

    public static Verb Create()
    {
        var verb = new Verb("backup", "Back up jobs of the config, or any paths to any target")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.Locked, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples =
            [
                "holdfast backup",
                "holdfast backup documents --dry-run",
                "holdfast backup ~/Documents ~/Photos --to mirror:/media/usb/backup --exclude '*.tmp'",
            ],
        };
        verb.Add(What);
        verb.Add(To);
        What.CompletionSources.Add(JobNames.Complete);
        foreach (var option in RunFlags.All.Concat(JobFlags.All))
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var what = parse.GetValue(What) ?? [];
            var to = parse.GetValue(To) ?? [];
            var jobs = to.Length > 0 ? [TypedJob.Of(session, parse, what, to)] : ConfiguredJobs.Of(session, parse, what);
            return await new JobRunner(session, parse).RunAsync(jobs, cancellationToken);
        });
    }
}
