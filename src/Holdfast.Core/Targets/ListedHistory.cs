using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>
/// The past of paths, from the listings of all snapshots side by side: for targets that have nothing better. Takes a listing
/// a snapshot; memory grows with their number, not with that of the entries.
/// </summary>
public sealed class ListedHistory(ISnapshots snapshots) : IHistory
{
    /// <summary>The target's own way, or this one.</summary>
    public static IHistory Of(ISnapshots snapshots) => snapshots as IHistory ?? new ListedHistory(snapshots);

    /// <inheritdoc/>
    public IEnumerable<PathVersions> Histories(HistoryQuery query, CancellationToken cancellationToken)
    {
        var under = query.Under is [var only] ? only : EntryPath.Root;
        var listings = new List<IEnumerator<SnapshotEntry>>();
        try
        {
            var next = new PriorityQueue<int, (EntryPath Path, int Snapshot)>();
            foreach (var snapshot in snapshots.Snapshots)
                listings.Add(snapshots.Entries(snapshot, under, cancellationToken).GetEnumerator());
            for (var i = 0; i < listings.Count; i++)
                Advance(i);

            while (next.TryPeek(out _, out var first))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var found = new SnapshotEntry?[listings.Count];
                while (next.TryPeek(out var at, out var place) && place.Path == first.Path)
                {
                    next.Dequeue();
                    found[at] = listings[at].Current;
                    Advance(at);
                }
                if (query.Includes(first.Path.Bytes))
                    yield return new PathVersions(first.Path, VersionsOf(found));
            }

            void Advance(int listing)
            {
                if (listings[listing].MoveNext())
                    next.Enqueue(listing, (listings[listing].Current.Entry.Path, listing));
            }
        }
        finally
        {
            foreach (var listing in listings)
                listing.Dispose();
        }
    }

    /// <inheritdoc/>
    public bool Holds(SnapshotEntry entry)
    {
        try
        {
            snapshots.Open(entry).Dispose();
            return true;
        }
        catch (HoldfastException)
        {
            return false;
        }
    }

    private List<PathVersion> VersionsOf(SnapshotEntry?[] found)
    {
        var versions = new List<PathVersion>(1);
        SnapshotEntry? before = null;
        for (var i = 0; i < found.Length; before = found[i], i++)
        {
            var kind = KindOf(before, found[i]);
            if (kind is null && before is null == found[i] is null)
                continue;
            if (before is not null)
                versions[^1] = versions[^1] with { Until = snapshots.Snapshots[i], EndsDeleted = found[i] is null };
            if (found[i] is { } now)
                versions.Add(new PathVersion(snapshots.Snapshots[i], kind!.Value, now));
        }
        return versions;
    }

    private static ChangeKind? KindOf(SnapshotEntry? before, SnapshotEntry? now)
    {
        if (now is null)
            return null;
        if (before is null)
            return ChangeKind.New;
        var (a, b) = (before.Entry, now.Entry);
        if (!a.SameContents(b))
            return ChangeKind.Changed;
        return a.SameMetadata(b) ? null : ChangeKind.Metadata;
    }
}
