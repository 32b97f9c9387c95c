using Holdfast.Cli.Output;
using Holdfast.Core.Catalog;
using Holdfast.Core.Engine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>
/// Remembers one run of a job in the catalog, a row a target, once it is over: the catalog is not even opened before. What
/// it cannot do is a remark, for the catalog is a cache.
/// </summary>
internal sealed class CatalogedRun(Session session, Job job)
{
    /// <summary>A long import of another process must not hold a backup up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset _started = session.Time.GetUtcNow();
    private readonly long _since = session.Time.GetTimestamp();
    private bool _kept;

    /// <summary>It came to its end, for better or worse.</summary>
    public void Ended(RunReport report) => Keep(report.Targets.Select(target => new CatalogRun(
        job.Name,
        target.Target,
        target.PlaceId,
        target.Snapshot?.Id,
        report.Started,
        report.Duration,
        target.Failure is not null ? RunOutcome.Failed : report.Counters.FailureCount > 0 ? RunOutcome.WithGaps : RunOutcome.Complete,
        report.Counters.Files + report.Counters.Folders + report.Counters.Others,
        report.Counters.Bytes,
        report.Counters.FailureCount)));

    /// <summary>It ended without a report; nothing happens when there was one.</summary>
    public void EndedEarly(RunOutcome outcome) => Keep(job.To.Select(target => new CatalogRun(
        job.Name, target.ToString(), null, null, _started, session.Time.GetElapsedTime(_since), outcome, 0, 0, 0)));

    private void Keep(IEnumerable<CatalogRun> runs)
    {
        if (_kept)
            return;
        _kept = true;
        try
        {
            var remarks = CatalogDatabase.Use(session.StateFolder, catalog => catalog.Add(runs), Patience);
            foreach (var remark in remarks)
                ErrorPrinter.Remark(session, remark);
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(session, $"the run is not in the catalog: {e.Message}");
        }
    }
}
