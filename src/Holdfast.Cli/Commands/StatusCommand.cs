using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Status;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast status</c>: how every job stands.</summary>
internal static class StatusCommand
{
    public static Verb Create()
    {
        var names = new Argument<string[]>("JOB") { Description = "Jobs of the config; without any, every job", Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(JobNames.Complete);
        var verb = new Verb("status", "Show every job: last good run, next run, and each copy: whether it is connected, its snapshots, when it was last read back; what needs looking at is marked, and it ends with 0 all the same")
        {
            ExitCodes = [ExitCode.Failed],
            Examples = ["holdfast status", "holdfast status documents --json"],
        };
        verb.Add(names);
        return verb.Does((session, parse, _) =>
        {
            var config = session.Config;
            if (config.File is null)
                throw new ConfigException("there is no config.", "'holdfast init' writes one; 'holdfast snapshots mirror:DIR' needs none.");
            var query = new StatusQuery(session);
            var jobs = parse.GetValue(names) is { Length: > 0 } named ? [.. named.Distinct().Select(config.Find)] : config.Jobs;
            var printer = session.Printer(text => new StatusText(text), json => new StatusJson(json));
            foreach (var status in query.Of(jobs))
                printer.Print(status);
            printer.Finish();
            foreach (var remark in query.Remarks)
                ErrorPrinter.Remark(session, remark);
            return Task.FromResult(ExitCode.Done);
        });
    }
}
