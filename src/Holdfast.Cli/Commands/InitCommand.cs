using System.CommandLine;
using Holdfast.Cli.Places;
using Holdfast.Cli.Output;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Targets;
using Holdfast.Mirror;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast init</c>: a config to begin with; with a job, the place its copies go to.</summary>
internal static class InitCommand
{
    private static readonly Argument<string?> JobName = new("JOB") { Description = "The job whose place is made, or library:DIR for a library that a server is to have; without it a config is written", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Adopt = new("--adopt") { Description = "Take over the copy that is there for this job, another job's or a plain one (rsync, cp), without copying again" };
    private static readonly Option<bool> NewId = new("--new-id") { Description = "Give the place an id of its own: it is a clone of another" };

    public static Verb Create()
    {
        var verb = new Verb("init", "Write a config to begin with, or make the place of a job or of a server")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.Interrupted],
            Examples = ["holdfast init", "holdfast init documents", "holdfast init documents --adopt", "holdfast init library:/srv/photos"],
        };
        JobName.CompletionSources.Add(JobNames.Complete);
        verb.Add(JobName);
        verb.Add(Adopt);
        verb.Add(NewId);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            if (parse.GetValue(JobName) is not { } name)
                WriteConfig(session);
            else if (name.StartsWith("library:", StringComparison.Ordinal))
                MakeLibrary(session, name, parse.GetValue(Adopt), parse.GetValue(NewId));
            else
                await MakePlacesAsync(session, session.Config.Find(name), parse.GetValue(Adopt), parse.GetValue(NewId), cancellationToken);
            return ExitCode.Done;
        });
    }

    private static void WriteConfig(Session session)
    {
        if ((session.ConfigFile is null ? ConfigLocation.Find(null, session.Environment) : File.Exists(session.ConfigFile) ? session.ConfigFile : null) is { } existing)
        {
            session.Text.WriteLine($"there is a config already: {existing}");
            return;
        }
        var file = Path.GetFullPath(session.ConfigFile ?? "holdfast.yaml");
        var guess = FirstConfig.Guess(session.Environment);
        FirstConfig.Write(file, ConfigTemplate.Text(session.Environment.HostName, guess.Job, guess.Source, guess.Target));
        session.Printer(text => new InitText(text), json => new InitJson(json)).Print(new Initialised(file, guess.Job, Target: null, Place: null));
    }

    private static async Task MakePlacesAsync(Session session, Job job, bool adopt, bool newId, CancellationToken cancellationToken)
    {
        job.RequireSupported();
        DistinctPlaces.Require(job.To);
        var printer = session.Printer(text => new InitText(text), json => new InitJson(json));
        foreach (var address in job.To)
        {
            if (address.LocalPath is { } path)
                SourceOverlap.Check(job.From, path);
            var target = TargetOpening.Open(session, address, job.Options.Layout);
            if (adopt && target is MirrorTarget mirror && mirror.HoldsPlainCopy())
            {
                var counters = new VerifyCounters();
                using (new Progress(session, elapsed => ProgressState.Of(counters, elapsed)))
                    printer.Print(new Initialised(File: null, job.Name, address.ToString(), await mirror.AdoptAsync(RequestOf(session, job), counters, cancellationToken)) { Adopted = counters });
                continue;
            }
            var marker = target.Init(RequestOf(session, job), adopt, newId);
            printer.Print(new Initialised(File: null, job.Name, address.ToString(), marker));
        }
        printer.Finish();
    }

    /// <summary>A library of a server has no job: what comes into it says whose it is.</summary>
    private static void MakeLibrary(Session session, string typed, bool adopt, bool newId)
    {
        var target = LibraryChoice.Of(session, typed);
        var marker = target.Init(
            new RunRequest { Client = session.Config.Client, Job = "library", Sources = [], StateFolder = session.StateFolder, Time = session.Time.GetUtcNow() },
            adopt,
            newId);
        session.Printer(text => new InitText(text), json => new InitJson(json)).Print(new Initialised(File: null, Job: null, target.Name, marker));
    }

    private static RunRequest RequestOf(Session session, Job job) => new()
    {
        Client = session.Config.Client,
        Job = job.Name,
        Sources = job.From,
        StateFolder = session.StateFolder,
        Time = session.Time.GetUtcNow(),
        PlaceId = job.Place,
        Tags = job.Tags,
    };
}
