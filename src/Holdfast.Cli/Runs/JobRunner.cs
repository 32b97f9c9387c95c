using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Runs;

/// <summary>Runs jobs one after the other: progress, report, exit code. One that fails does not stop the others.</summary>
internal sealed class JobRunner(Session session, ParseResult flags)
{
    public async Task<int> RunAsync(IReadOnlyList<RunnableJob> jobs, CancellationToken cancellationToken)
    {
        var code = ExitCode.Done;
        foreach (var job in jobs)
            try
            {
                code = ExitCode.Worse(code, await RunAsync(job, cancellationToken));
            }
            catch (Exception e) when (e is not (OperationCanceledException or BrokenPipeException))
            {
                code = ExitCode.Worse(code, Failures.Print(session, e, jobs.Count > 1 ? $"{job.Name}: " : ""));
            }
        return code;
    }

    private async Task<int> RunAsync(RunnableJob job, CancellationToken cancellationToken)
    {
        using var source = new FileTreeSource(job.Sources, LocalFolders.OpenForReading);
        var counters = new RunCounters();
        var planned = session.Printer(text => new ChangeText(text), json => new ChangeJson(json));
        var request = RequestOf(job);
        var options = job.Options with
        {
            DryRun = request.DryRun,
            Checksum = request.Checksum,
            AllowDeletions = flags.GetValue(RunFlags.AllowDeletions),
            OnPlanned = request.DryRun ? (target, change) => planned.Print(new PlannedChange(target.Name, change)) : null,
        };
        using var postponed = options.Rules.MinAge is null ? null : new PostponedFiles(Path.Combine(JobState.Folder(session.StateFolder, job), "postponed"));
        source.Postponed = postponed;
        RunReport report;
        using (new BackupProgress(session, counters))
            report = await new Backup(source, job.Targets, session.Time).RunAsync(request, options, counters, cancellationToken);
        planned.Finish();
        if (!request.DryRun && report.Targets.Any(t => t.Failure is null))
            postponed?.Keep();
        foreach (var remark in KeptReports.Keep(report, request.StateFolder, job.Targets))
            ErrorPrinter.Print(session, remark, ExitCode.Done);
        var printer = session.Printer(text => new ReportText(text, session.Verbose), json => new ReportJson(json));
        printer.Print(report);
        printer.Finish();
        return CodeOf(report);
    }

    private RunRequest RequestOf(RunnableJob job) => new()
    {
        Client = job.Client,
        Job = job.Name,
        Sources = job.Sources,
        StateFolder = session.StateFolder,
        Time = session.Time.GetUtcNow(),
        PlaceId = job.PlaceId,
        IsAdHoc = job.IsAdHoc,
        DryRun = flags.GetValue(RunFlags.DryRun),
        Checksum = flags.GetValue(RunFlags.Checksum),
        WaitForLock = WaitTime.Of(flags),
    };

    private static int CodeOf(RunReport report)
    {
        var code = report.Counters.FailureCount > 0 ? ExitCode.Incomplete : ExitCode.Done;
        foreach (var target in report.Targets)
            if (target.Failure is { } failure)
                code = ExitCode.Worse(code, Failures.CodeOf(failure));
        return code;
    }
}
