using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Engine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Notifying;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli.Runs;

/// <summary>Tells people of one run. That they could not be told is a remark, and the run is what it is.</summary>
internal sealed class RunNews(Session session, Job job)
{
    private readonly Notices _notices = new(session);

    /// <summary>The run begins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!job.IsAdHoc)
            Print(await _notices.StartAsync(job.Folder, cancellationToken));
    }

    /// <summary>It came to its end.</summary>
    public Task EndedAsync(RunReport report, CancellationToken cancellationToken) =>
        SendAsync(NoticeOf(report, ReportText.Plain(report), KindOf(report)), cancellationToken);

    /// <summary>It was broken off by an error, or a hook after it was.</summary>
    public Task FailedAsync(RunReport? report, Exception error, CancellationToken cancellationToken) => report is null
        ? SendAsync(new Notice(NoticeKind.Failure, job.Name, session.Config.Client, HasChanges: false, error.Message + "\n", ErrorObject(error), session.Time.GetLocalNow()), cancellationToken)
        : SendAsync(NoticeOf(report, $"{error.Message}\n\n{ReportText.Plain(report)}", NoticeKind.Failure), cancellationToken);

    private Notice NoticeOf(RunReport report, string text, NoticeKind kind) =>
        new(kind, job.Name, session.Config.Client, report.Targets.Any(HasChanges), text, JsonNode.Parse(RunReportJson.ToUtf8(report, indented: false))!.AsObject(), session.Time.GetLocalNow());

    private static NoticeKind KindOf(RunReport report) =>
        report.Targets.Any(t => t.Failure is not null) ? NoticeKind.Failure
        : report.Counters.FailureCount > 0 ? NoticeKind.Incomplete
        : NoticeKind.Success;

    private static bool HasChanges(TargetReport target)
    {
        var s = target.Statistics;
        return s.New + s.Changed + s.Moved + s.Metadata + s.Deleted > 0;
    }

    /// <summary>What stands for the report of a run that has none: type, job, message.</summary>
    public byte[] ErrorJson(Exception error) => JsonSerializer.SerializeToUtf8Bytes(ErrorObject(error));

    private JsonObject ErrorObject(Exception error) => new() { ["type"] = "error", ["job"] = job.Name, ["message"] = error.Message };

    private async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        // A job that is in no config has nobody who waits for news of it.
        if (job.IsAdHoc)
            return;
        if (session.IsUnderDaemon)
        {
            Print(await _notices.LeaveAsync(notice, job.Folder, cancellationToken));
            return;
        }
        Print(await _notices.RetryAsync(cancellationToken));
        Print(await _notices.SendAsync(notice, job.Folder, cancellationToken));
    }

    private void Print(IReadOnlyList<string> remarks)
    {
        foreach (var remark in remarks)
            ErrorPrinter.Remark(session, remark);
    }
}
