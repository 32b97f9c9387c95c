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

    /// <summary>The line that brought the contents of the one at <paramref name="index"/>, and its increment: it, or the nearest older one that did.</summary>
    public (long Number, RecordLine Line) BroughtBy(int index)
    {
        for (var i = index; i < Newest.Count; i++)
            if (Newest[i].Line.BringsContent)
                return Newest[i];
        return Newest[^1];
    }
}
