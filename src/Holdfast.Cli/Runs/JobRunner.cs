using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Core.Catalog;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Volumes;

namespace Holdfast.Cli.Runs;

/// <summary>Runs jobs one after the other: hooks, progress, report, exit code. One that fails does not stop the others.</summary>
internal sealed class JobRunner(Session session, ParseResult flags)
{
    /// <summary>Opens a job's target; another way than the config's for commands that know more about it.</summary>
    public Func<TargetAddress, IBackupTarget>? OpenTarget { get; init; }

    private readonly bool _dryRun = flags.GetValue(RunFlags.DryRun);

    public async Task<int> RunAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        var code = ExitCode.Done;
        foreach (var job in jobs)
            try
            {
                code = ExitCode.Worse(code, await CatalogedAsync(job, cancellationToken));
            }
            catch (Exception e) when (e is not (OperationCanceledException or BrokenPipeException))
            {
                code = ExitCode.Worse(code, Failures.Print(session, e, jobs.Count > 1 ? $"{job.Name}: " : ""));
            }
        return code;
    }

    private async Task<int> CatalogedAsync(Job job, CancellationToken cancellationToken)
    {
        job.RequireSupported();
        JobFlags.RequireTagsKept(flags, job);
        if (_dryRun)
            return CodeOf(await RunAsync(job, null, cancellationToken));
        var run = new CatalogedRun(session, job);
        try
        {
            return await WithHooksAsync(job, run, cancellationToken);
        }
        catch (Exception e)
        {
            run.EndedEarly(e is OperationCanceledException ? RunOutcome.Interrupted : RunOutcome.Failed);
            throw;
        }
        finally
        {
            MetricsFile.Write(session);
        }
    }

    private async Task<int> WithHooksAsync(Job job, CatalogedRun run, CancellationToken cancellationToken)
    {
        var news = new RunNews(session, job);
        RunReport? report = null;
        try
        {
            await news.StartAsync(cancellationToken);
            await Hooks.RunAsync("before", job.Before, job, default, cancellationToken);
            report = await RunAsync(job, run, cancellationToken);
            if (!IsGood(report))
                await OnFailureAsync(job, RunReportJson.ToUtf8(report, indented: false));
            else
                await Hooks.RunAsync("after", job.After, job, RunReportJson.ToUtf8(report, indented: false), cancellationToken);
        }
        catch (Exception e) when (e is not BrokenPipeException)
        {
            if (report is null)
                await OnFailureAsync(job, news.ErrorJson(e));
            if (e is not OperationCanceledException)
                await news.FailedAsync(report, e, cancellationToken);
            throw;
        }
        await news.EndedAsync(report, cancellationToken);
        return CodeOf(report);
    }

    private static bool IsGood(RunReport report) => report.Targets.All(t => t.Failure is null);

    /// <summary>A hook that fails in turn must not hide why the run failed.</summary>
    private async Task OnFailureAsync(Job job, byte[] report)
    {
        try
        {
            await Hooks.RunAsync("on_failure", job.OnFailure, job, report, CancellationToken.None);
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(session, e.Message);
        }
    }

    private async Task<RunReport> RunAsync(Job job, CatalogedRun? run, CancellationToken cancellationToken)
    {
        DistinctPlaces.Require(job.To);
        if (!_dryRun)
            StateFolders.Require(session.StateFolder);
        foreach (var address in job.To)
            if (address.LocalPath is { } place)
                SourceOverlap.Check(job.From, place);
        var targets = job.To.Select(t => OpenTarget?.Invoke(t) ?? TargetOpening.Open(session, t, job.Options.Layout)).ToList();
        var report = job.IsSync
            ? await SyncedJob.RunAsync(session, job, targets[0], RequestOf(job), flags.GetValue(RunFlags.AllowDeletions), cancellationToken)
            : await BackUpAsync(job, targets, cancellationToken);
        foreach (var remark in KeptReports.Keep(report, session.StateFolder, targets))
            ErrorPrinter.Remark(session, remark);
        run?.Ended(report);
        if (!_dryRun)
            session.Log(IsGood(report) ? LogLevel.Info : LogLevel.Error, ReportText.Plain(report));
        var printer = session.Printer(text => new ReportText(text, session.Verbose, Terminal.OutputStyle), json => new ReportJson(json));
        printer.Print(report);
        printer.Finish();
        if (session.Quiet)
            PrintErrors(report);
        return report;
    }

    private async Task<RunReport> BackUpAsync(Job job, List<IBackupTarget> targets, CancellationToken cancellationToken)
    {
        using var source = new FileTreeSource(job.From, LocalFolders.OpenForReading);
        using var postponed = job.Rules.MinAge is null ? null : new PostponedFiles(Path.Combine(JobState.Folder(session.StateFolder, job), "postponed"));
        source.Postponed = postponed;

        if (job.To.Any(t => t.Kind == TargetKind.Volumes) && !session.Json)
            session.Text.Labelled("config", ConfigPrinter.ToLine(job.With(new JobOptions { Layout = session.OnTop(VolumeOptions.Effective(job.Options.Layout)) })));
        var report = await BackUpAsync(source, targets, RequestOf(job), job, cancellationToken);
        if (!_dryRun && report.Targets.Any(t => t.Failure is null) && postponed?.TryKeep() is { } problem)
            ErrorPrinter.Remark(session, problem);
        report = LastProofs.In(report, job, session.StateFolder);
        return await AfterGoodRun.ForgetAsync(session, job, report, targets, cancellationToken);
    }

    private async Task<RunReport> BackUpAsync(FileTreeSource source, List<IBackupTarget> targets, RunRequest request, Job job, CancellationToken cancellationToken)
    {
        var counters = new RunCounters();
        var planned = session.Printer(text => new ChangeText(text, targets.Count > 1), json => new ChangeJson(json));
        var options = job.ToBackupOptions() with
        {
            DryRun = _dryRun,
            AllowDeletions = flags.GetValue(RunFlags.AllowDeletions),
            OnPlanned = _dryRun ? (target, change) => planned.Print(new PlannedChange(target.Name, change)) : null,
        };
        using var progress = new Progress(session, elapsed => ProgressState.Of(counters, elapsed));
        var report = await new Backup(source, targets, session.Time).RunAsync(request, options, counters, cancellationToken);
        planned.Finish();
        return report;
    }

    private RunRequest RequestOf(Job job) => new()
    {
        Client = session.Config.Client,
        Job = job.Name,
        Sources = job.From,
        StateFolder = session.StateFolder,
        Time = session.Time.GetUtcNow(),
        PlaceId = job.Place,
        Tags = job.Tags,
        IsAdHoc = job.IsAdHoc,
        DryRun = _dryRun,
        Checksum = job.Checksum,
        WaitForLock = RunFlags.WaitTime(flags),
    };

    /// <summary>With -q there is no report, but what failed is said all the same.</summary>
    private void PrintErrors(RunReport report)
    {
        foreach (var target in report.Targets)
            if (target.Failure is { } failure)
                Failures.Print(session, failure, $"{target.Target}: ");
        if (report.Counters.FailureCount > 0)
            MissingText.Print(StandardStreams.Error, "could not be saved; the last copies stay", report.Counters.FailureCount, report.Counters.Failures, session.Verbose, Terminal.ErrorStyle);
    }

    private static int CodeOf(RunReport report)
    {
        var code = report.Counters.FailureCount > 0 ? ExitCode.Incomplete : ExitCode.Done;
        foreach (var target in report.Targets)
            if (target.Failure is { } failure)
                code = ExitCode.Worse(code, Failures.CodeOf(failure));
        return code;
    }
}
