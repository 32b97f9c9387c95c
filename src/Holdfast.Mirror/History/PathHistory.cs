using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.History;

/// <summary>Everything the records say of one path, newest first.</summary>
internal sealed record PathHistory(EntryPath Path, IReadOnlyList<(long Number, RecordLine Line)> Newest)
{
    /// <summary>
    /// The path as the newest record has it, with the number of the increment that brought its contents; null when it is gone.
    /// </summary>
    public SnapshotEntry? Current => At(0);

    /// <summary>The same as of the line at <paramref name="index"/>.</summary>
    public SnapshotEntry? At(int index)
    {
        var line = Newest[index].Line;
        if (line.Kind == ChangeKind.Deleted)
            return null;
        return new SnapshotEntry(line.Entry, BroughtBy(index).Number);
    }

    /// <summary>The same for readers of snapshots: what the path was, oldest first.</summary>
    public PathVersions ToVersions(IReadOnlyDictionary<long, Snapshot> snapshots)
    {
        var versions = new List<PathVersion>(Newest.Count);
        for (var i = Newest.Count - 1; i >= 0; i--)
        {
            if (At(i) is not { } entry)
                continue;
            versions.Add(new PathVersion(snapshots[Newest[i].Number], Newest[i].Line.Kind, entry)
            {
                MovedFrom = Newest[i].Line.From,
                Until = i > 0 ? snapshots[Newest[i - 1].Number] : null,
                EndsDeleted = i > 0 && Newest[i - 1].Line.Kind == ChangeKind.Deleted,
            });
        }
        return new PathVersions(Path, versions);
    }

    /// <summary>The line that brought the contents of the one at <paramref name="index"/>, and its increment: it, or the nearest older one that did.</summary>
    public (long Number, RecordLine Line) BroughtBy(int index)
    {
        for (var i = index; i < Newest.Count; i++)
            if (Newest[i].Line.BringsContent)
                return Newest[i];
        return Newest[^1];
    }
}
