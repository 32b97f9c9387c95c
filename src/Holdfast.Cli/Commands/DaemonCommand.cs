using System.CommandLine;
using Holdfast.Cli.Daemon;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Jobs.Scheduling;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast daemon</c>: runs jobs when their schedules say so.</summary>
internal static class DaemonCommand
{
    private static readonly TimeSpan LongPause = TimeSpan.FromDays(365_000);
    private static readonly Option<bool> Once = new("--once") { Description = "Run what is due now, and end" };
    private static readonly Option<string?> Pause = new("--pause") { Description = "Let the daemon begin nothing for DURATION (2h), without one until --resume; what runs goes on", HelpName = "DURATION", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Resume = new("--resume") { Description = "End a pause" };

    public static Verb Create()
    {
        var verb = new Verb("daemon", "Run the jobs of the config when their schedules say so, until it is ended")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Locked],
            Examples = ["holdfast daemon", "holdfast daemon --pause 2h", "holdfast daemon --once"],
        };
        foreach (var option in new Option[] { Once, Pause, Resume })
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            if (session.Config.File is null)
                throw new ConfigException("there is no config.", "'holdfast init' writes one.");
            StateFolders.Require(session.StateFolder);
            if (parse.GetResult(Pause) is { Implicit: false })
                return SetPause(session, session.Time.GetUtcNow() + (FlagValue.Of(parse, Pause, Duration.Parse) ?? LongPause));
            if (parse.GetValue(Resume))
                return SetPause(session, null);
            using var alone = Begin(session);
            return await new DaemonLoop(session).RunAsync(parse.GetValue(Once), cancellationToken);
        });
    }

    /// <summary>Makes this process the daemon of the state folder, until the result is disposed of.</summary>
    /// <exception cref="HoldfastException">There is nothing to run, or another daemon runs it.</exception>
    internal static IDisposable Begin(Session session)
    {
        if (session.Config.File is null)
            throw new ConfigException("there is no config.", "'holdfast init' writes one.");
        if (!session.Config.Jobs.Any(j => j.Schedule is not null))
            throw new ConfigException("no job of the config has a 'schedule'.", "Give one to a job: schedule: \"0 20 * * *\"");
        StateFolders.Require(session.StateFolder);
        return LockOf(session.StateFolder);
    }

    private static IDisposable LockOf(string stateFolder)
    {
        try
        {
            return DaemonState.Lock(stateFolder);
        }
        catch (IOException e)
        {
            throw new HoldfastException(ErrorKind.Locked, $"another daemon is at work with the state folder '{stateFolder}'.", "End it first, or name another folder with --state DIR.", e);
        }
    }

    private static int SetPause(Session session, DateTimeOffset? until)
    {
        DaemonState.WritePause(session.StateFolder, until);
        session.Text.WriteLine(until is null ? "jobs begin again when they are due" : until > session.Time.GetUtcNow().AddYears(10) ? "no job begins until 'holdfast daemon --resume'" : $"no job begins before {Sizes.Time(until.Value)}");
        return ExitCode.Done;
    }
}
