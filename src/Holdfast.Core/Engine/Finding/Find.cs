using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Finding;

/// <summary>Looks for paths in all snapshots at once, in one pass over the past of every path.</summary>
public sealed class Find(ISnapshots snapshots)
{
    private readonly IHistory _history = ListedHistory.Of(snapshots);

    /// <summary>
    /// What was looked for, in path order. What stayed the same through many snapshots is one result; so is what only its
    /// metadata changed of.
    /// </summary>
    public IEnumerable<Found> Run(FindQuery query, CancellationToken cancellationToken)
    {
        foreach (var path in _history.Histories(query.Paths, cancellationToken))
            foreach (var stay in Stays(path.Versions))
                if (Newest(stay, query) is { } version)
                    yield return Result(stay[0].From, version with { Until = stay[^1].Until, EndsDeleted = stay[^1].EndsDeleted });
    }

    /// <summary>The whole past of every path of which some version was looked for: in path order, each oldest first.</summary>
    public IEnumerable<Found> History(FindQuery query, CancellationToken cancellationToken)
    {
        foreach (var path in _history.Histories(query.Paths, cancellationToken))
            if (Stays(path.Versions).Any(stay => Newest(stay, query) is not null))
                foreach (var version in path.Versions)
                    yield return Result(version.From, version);
    }

    /// <summary>Versions that follow one another and share their contents.</summary>
    private static IEnumerable<List<PathVersion>> Stays(IReadOnlyList<PathVersion> versions)
    {
        var stay = new List<PathVersion>(1);
        foreach (var version in versions)
        {
            if (stay.Count > 0 && (stay[^1].Until != version.From || !stay[^1].Entry.Entry.SameContents(version.Entry.Entry)))
            {
                yield return stay;
                stay = [];
            }
            stay.Add(version);
        }
        if (stay.Count > 0)
            yield return stay;
    }

    private PathVersion? Newest(List<PathVersion> stay, FindQuery query)
    {
        if (query.Deleted && !(stay[^1].EndsDeleted && (query.At is null || stay[^1].Until == query.At)))
            return null;
        return stay.FindLast(v => query.Accepts(v.Entry.Entry) && (query.Deleted || query.At is not { } at || v.IsListedBy(at, snapshots.Snapshots[^1])));
    }

    private Found Result(Snapshot brought, PathVersion version) =>
        new(brought, version, version.Entry.Entry.Type == EntryType.File ? _history.Holds(version.Entry) : null);
}
