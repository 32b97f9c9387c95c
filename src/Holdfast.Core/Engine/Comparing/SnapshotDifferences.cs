using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Comparing;

/// <summary>What differs between two snapshots. Memory grows with the number of differences.</summary>
public sealed class SnapshotDifferences(ISnapshots snapshots)
{
    /// <summary>All differences, in path order.</summary>
    /// <param name="first">The snapshot that is compared.</param>
    /// <param name="second">The one it is compared with; it may be older.</param>
    /// <param name="under">Paths, each with all below it; empty for everything.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IReadOnlyList<Difference> Between(Snapshot first, Snapshot second, IReadOnlyList<EntryPath> under, CancellationToken cancellationToken)
    {
        var found = new List<Difference>();
        var newest = snapshots.Snapshots[^1];
        foreach (var path in ListedHistory.Of(snapshots).Histories(new HistoryQuery { Under = under }, cancellationToken))
        {
            var before = path.ListedBy(first, newest)?.Entry.Entry;
            var after = path.ListedBy(second, newest)?.Entry.Entry;
            if (KindOf(before, after) is { } kind)
                found.Add(new Difference(kind, before, after));
        }
        return WithMoves(found);
    }

    private static DifferenceKind? KindOf(Entry? before, Entry? after)
    {
        if (before is null || after is null)
            // What is kept without history is missing from every older snapshot: that says nothing about the source.
            return (before ?? after) is not { Tracked: true } ? null : before is null ? DifferenceKind.Added : DifferenceKind.Removed;
        if (!before.SameContents(after))
            return DifferenceKind.Changed;
        return before.SameMetadata(after) ? null : DifferenceKind.Metadata;
    }

    /// <summary>An added file with the contents of a removed one was moved; of several, one of the same name comes first.</summary>
    private static List<Difference> WithMoves(List<Difference> found)
    {
        var removed = found.Where(d => d.Kind == DifferenceKind.Removed && CanMove(d.Before!)).ToLookup(d => d.Before!.Content!.Value);
        var movedAway = new HashSet<EntryPath>();
        var moved = found.ConvertAll(d => Origin(d) is { } from && movedAway.Add(from.Path) ? new Difference(DifferenceKind.Moved, from, d.After) : d);
        moved.RemoveAll(d => d.Kind == DifferenceKind.Removed && movedAway.Contains(d.Path));
        return moved;

        Entry? Origin(Difference added)
        {
            if (added.Kind != DifferenceKind.Added || !CanMove(added.After!))
                return null;
            var free = removed[added.After!.Content!.Value].Select(d => d.Before!).Where(b => !movedAway.Contains(b.Path)).ToList();
            return free.Find(b => b.Path.Name.SequenceEqual(added.Path.Name)) ?? free.FirstOrDefault();
        }
    }

    // Every empty file has the same contents; that says nothing.
    private static bool CanMove(Entry entry) => entry is { Type: EntryType.File, Size: > 0, Content: not null };
}
