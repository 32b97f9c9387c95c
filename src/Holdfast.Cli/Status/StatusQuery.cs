using Holdfast.Cli.Places;
using Holdfast.Core.Catalog;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Status;

/// <summary>Finds out how jobs stand: from the places that are connected, and from the catalog for everything else.</summary>
internal sealed class StatusQuery(Session session)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What could not be found out.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    public IReadOnlyList<JobStatus> Of(IReadOnlyList<Job> jobs)
    {
        var places = jobs.Count == 0 ? [] : KnownPlaces.Open(session, [.. jobs.Select(j => j.Name)]);
        try
        {
            return CatalogDatabase.Use(session.StateFolder, catalog => Of(jobs, places, catalog), Patience);
        }
        catch (HoldfastException e)
        {
            Remarks = [e.Message];
            return Of(jobs, places, null);
        }
        finally
        {
            foreach (var place in places)
                place.Dispose();
        }
    }

    /// <summary>The same as far as this client knows it by itself, without a look at any place: quick, however far they are.</summary>
    /// <exception cref="HoldfastException">The catalog cannot be read now.</exception>
    public IReadOnlyList<JobStatus> OfItself(IReadOnlyList<Job> jobs) => CatalogDatabase.Use(session.StateFolder, catalog =>
    {
        if (catalog.HasNoRuns)
            catalog.Add(KeptRuns.Of(session.StateFolder));
        return jobs.Select(job => Of(job, [.. job.To.Select(address => Of(job, new KnownPlace(address, [job], null, null, null), catalog))])).ToList();
    }, Patience);

    private List<JobStatus> Of(IReadOnlyList<Job> jobs, IReadOnlyList<KnownPlace> places, CatalogDatabase? catalog)
    {
        if (catalog is { HasNoRuns: true })
            catalog.Add(KeptRuns.Of(session.StateFolder));
        if (catalog is not null)
        {
            Remarks = [.. catalog.Remarks];
            foreach (var place in places)
                if (place is { Snapshots: { } snapshots, PlaceId: { } id })
                    catalog.Saw(id, snapshots, session.Time.GetUtcNow());
        }
        return [.. jobs.Select(job => Of(job, [.. job.To.Select(address => Of(job, places.First(p => p.Address == address), catalog))]))];
    }

    private JobStatus Of(Job job, IReadOnlyList<TargetStatus> targets)
    {
        var last = targets.Max(t => t.Last?.Started);
        return new JobStatus(job, targets, DaemonOf(job), job.Schedule is { } schedule ? ScheduleTimes.Next(schedule, last, session.Time.GetUtcNow(), session.Time.LocalTimeZone) : null);
    }

    private DaemonStatus DaemonOf(Job job)
    {
        var isAlive = DaemonState.IsAlive(session.StateFolder);
        var pause = DaemonState.ReadPause(session.StateFolder);
        return new DaemonStatus(
            isAlive,
            isAlive && DaemonState.Read(session.StateFolder).Jobs.TryGetValue(job.Name, out var history) && history.IsRunning,
            pause > session.Time.GetUtcNow() ? pause : null);
    }

    private TargetStatus Of(Job job, KnownPlace place, CatalogDatabase? catalog)
    {
        var connected = place is { Snapshots: { } open, PlaceId: { } id } ? new ConnectedPlace(id, open.Snapshots.Count, open.Snapshots.LastOrDefault(s => !s.IsIncomplete)?.Time, VerificationOf(open)) : null;
        return new TargetStatus(
            place.Name,
            catalog?.LastGood(job.Name, place.Name),
            catalog?.Last(job.Name, place.Name),
            connected,
            place.Problem,
            [.. catalog?.Places(place.Name).Where(p => p.Id != connected?.Id) ?? []],
            DrillLog.Last(session.StateFolder).GetValueOrDefault(place.Name));
    }

    private static VerificationState? VerificationOf(ISnapshots place)
    {
        try
        {
            return (place as IVerified)?.Verification(CancellationToken.None);
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            return null; // 'check' says what is wrong with the records.
        }
    }
}
