using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast config explain</c>: which rule decides about a path.</summary>
internal static class ConfigExplainCommand
{
    public static Verb Create()
    {
        var job = new Argument<string>("JOB") { Description = "The job" };
        job.CompletionSources.Add(JobNames.Complete);
        var paths = new Argument<string[]>("PATH") { Description = "Paths, absolute or relative to the source", Arity = ArgumentArity.OneOrMore };
        var verb = new Verb("explain", "Say which rule of a job decides about a path")
        {
            ExitCodes = [ExitCode.Failed],
            Examples = ["holdfast config explain documents Projects/a.txt"],
        };
        verb.Add(job);
        verb.Add(paths);
        return verb.Does((session, parse, cancellationToken) =>
        {
            var of = session.Config.Find(parse.GetRequiredValue(job));
            of.RequireSupported();
            foreach (var typed in parse.GetRequiredValue(paths))
                Print(session, Explanation.Of(of, typed, session.Time.GetUtcNow(), cancellationToken));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static void Print(Session session, Explanation explanation)
    {
        if (!session.Json)
        {
            session.Text.WriteLine(explanation.Words);
            return;
        }
        JsonLine.Write(StandardStreams.Out, json =>
        {
            json.WriteString("type", "explanation");
            json.WritePath("path", explanation.Path.Bytes);
            json.WriteBoolean("saved", explanation.IsSaved);
            json.WriteBoolean("tracked", explanation.IsSaved && explanation.Rules.Verdict.Tracked);
            json.WriteString("list", explanation.Rules.List);
            json.WriteString("pattern", explanation.Rules.DecidedBy?.Source.Text);
            json.WriteString("where", explanation.Rules.DecidedBy?.Source.Where?.ToString());
            json.WriteString("rule", explanation.OtherRule?.Key);
        });
    }
}
