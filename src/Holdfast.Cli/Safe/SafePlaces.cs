using System.Data.Common;
using Holdfast.Cli.Places;
using Holdfast.Core.Catalog;
using Holdfast.Core.Engine.Safe;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Safe;

/// <summary>The places that <c>safe</c> asks: those that are connected, and what the catalog remembers of the others.</summary>
internal sealed class SafePlaces(Session session, IReadOnlyList<KnownPlace> places) : IDisposable
{
    private CatalogDatabase? _catalog;
    private bool _hasNoCatalog;

    /// <summary>Those that can be asked now.</summary>
    public IReadOnlyList<CopyPlace> Connected { get; } =
        [.. places.Where(p => p.Snapshots is ICopies).Select(p => new CopyPlace(p.Name, (ICopies)p.Snapshots!, held => Kept(session, p, held)))];

    /// <summary>Those that cannot, and why.</summary>
    public IReadOnlyList<KnownPlace> Absent { get; } = [.. places.Where(p => p.Snapshots is not ICopies)];

    /// <summary>What the catalog remembers of copies in places that are not connected; none when there is no catalog to ask.</summary>
    public IReadOnlyList<ContentCopy> Remembered(ContentId content)
    {
        if (Absent.Count == 0 || _hasNoCatalog)
            return [];
        try
        {
            _catalog ??= CatalogDatabase.Open(session.StateFolder, Patience);
            return [.. _catalog.CopiesOf(content).Where(c => c.Tracked && Absent.Any(a => a.Name == c.PlaceName)).DistinctBy(c => c.Place)];
        }
        catch (Exception e) when (e is HoldfastException or DbException)
        {
            _hasNoCatalog = true;
            return [];
        }
    }

    /// <summary>
    /// Lets the catalog know what the connected places hold, for the day when they are not. A library changes without a new
    /// snapshot, so what was true of it once says nothing. Returns remarks.
    /// </summary>
    public IReadOnlyList<string> Remember(CancellationToken cancellationToken)
    {
        var remarks = new List<string>();
        foreach (var place in places)
            if (place is { Snapshots: { } snapshots and not IKnowsPlace { OnlyAdds: true }, PlaceId: { } id })
                try
                {
                    CatalogDatabase.Use(session.StateFolder, catalog => catalog.CatchUp(id, snapshots, session.Time.GetUtcNow(), cancellationToken), Patience);
                }
                catch (HoldfastException e)
                {
                    remarks.Add($"the catalog does not know what {place.Name} holds: {e.Message}");
                }
        return remarks;
    }

    public void Dispose()
    {
        _catalog?.Dispose();
        foreach (var place in places)
            place.Dispose();
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(5);

    /// <summary>Every job that uses the place may forget what is in it.</summary>
    private static KeptUntil Kept(Session session, KnownPlace place, IReadOnlyList<Snapshot> held)
    {
        if (place.Snapshots is IKnowsPlace { OnlyAdds: true })
            return place.Jobs.Any(j => j.Options.Layout.Mode is "sync") ? KeptUntil.NextRun : KeptUntil.NothingIsForgotten;
        KeptUntil Under(Retention? keep) => RetentionForecast.Of(place.Snapshots!.Snapshots, held, keep, session.Time.LocalTimeZone, session.Time.GetUtcNow());
        return place.Jobs.Count == 0 ? Under(null) : place.Jobs.Select(j => Under(j.Keep)).Aggregate((a, b) => a.And(b));
    }
}
