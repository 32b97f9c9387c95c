using Holdfast.Cli.Output;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Runs;

/// <summary>Applies <c>keep</c> after a good run. What it cannot do is a remark: the backup is done all the same.</summary>
internal static class AfterGoodRun
{
    /// <summary>The report, with what was forgotten among each target's remarks.</summary>
    public static async Task<RunReport> ForgetAsync(Session session, Job job, RunReport report, IReadOnlyList<IBackupTarget> targets, CancellationToken cancellationToken)
    {
        // What a run could not read keeps its last copy in the newest snapshot, which always stays.
        if (job.Keep is not { } keep || report.DryRun)
            return report;
        var after = new List<TargetReport>();
        // By name: those that failed at the start come last in the report. What refused the run must not be touched.
        foreach (var done in report.Targets)
            after.Add(done.Failure is null && targets.First(t => t.Name == done.Target) is IForget forget ? done with { Remarks = [.. done.Remarks, .. await ForgetAsync(session, job, keep, forget, cancellationToken)] } : done);
        return report with { Targets = after };
    }

    private static async Task<IReadOnlyList<string>> ForgetAsync(Session session, Job job, Retention keep, IForget target, CancellationToken cancellationToken)
    {
        try
        {
            var gone = await target.ForgetAsync(
                all => [.. RetentionRules.Decide(all, keep, session.Time.LocalTimeZone).Where(d => !d.IsKept).Select(d => d.Snapshot)],
                $"{session.Config.Client} {job.Name}",
                TimeSpan.Zero,
                cancellationToken);
            return gone.Count == 0 ? [] : [$"forgot {Sizes.Count(gone.Count, "snapshot")} that 'keep' does not keep: {Named(gone)}"];
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            return [$"'keep' could not be applied: {e.Message}"];
        }
    }

    private static string Named(IReadOnlyList<Snapshot> gone) =>
        gone.Count <= 3 ? string.Join(", ", gone.Select(s => s.Id)) : $"{gone[0].Id} to {gone[^1].Id}";
}
