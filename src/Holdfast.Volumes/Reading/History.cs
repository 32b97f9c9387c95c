using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;

namespace Holdfast.Volumes.Reading;

/// <summary>The past of a path as the reading commands want it: bounded by snapshots that are still there.</summary>
internal static class History
{
    public static PathVersions Of(IReadOnlyList<PathState> states, IReadOnlyList<Snapshot> snapshots)
    {
        var versions = new List<PathVersion>();
        PathState? before = null;
        foreach (var state in states)
        {
            // What no snapshot lists any more is not part of the past that can be asked for.
            if (FirstFrom(snapshots, state.First) is not { } from || (state.Until is { } until && from.Number >= until))
                continue;
            versions.Add(new PathVersion(from, KindOf(before, state), new SnapshotEntry(state.Entry, state.Id))
            {
                Until = state.Until is { } end ? FirstFrom(snapshots, end) : null,
                EndsDeleted = state.Gone is not null,
            });
            before = state;
        }
        return new PathVersions(states[0].Entry.Path, versions);
    }

    private static ChangeKind KindOf(PathState? before, PathState now) =>
        before is null || before.Until != now.First ? ChangeKind.New
        : before.Entry.SameContents(now.Entry) ? ChangeKind.Metadata : ChangeKind.Changed;

    private static Snapshot? FirstFrom(IReadOnlyList<Snapshot> snapshots, long run)
    {
        foreach (var snapshot in snapshots)
            if (snapshot.Number >= run)
                return snapshot;
        return null;
    }
}
