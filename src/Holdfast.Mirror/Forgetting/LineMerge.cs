using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// What several lines of one path come to when their increments become one. The last line says what the path is; all of them
/// say whether it was there before and whether the merged increment holds its contents.
/// </summary>
internal static class LineMerge
{
    /// <summary>The merged line, or null when the path came and went.</summary>
    /// <param name="newestFirst">The lines of one path, of neighbouring increments.</param>
    /// <param name="inOldest">True when the oldest of the lines is of the oldest of these increments.</param>
    /// <param name="isFirst">True when no older increment is left: then nothing was there before.</param>
    public static RecordLine? Of(IReadOnlyList<RecordLine> newestFirst, bool inOldest, bool isFirst)
    {
        var (newest, oldest) = (newestFirst[0], newestFirst[^1]);
        // Only 'new' says for certain that the path was not there: a move may end on a path that was.
        var wasThere = !isFirst && oldest.Kind != ChangeKind.New;
        if (newest.Kind == ChangeKind.Deleted)
            return wasThere ? newest with { From = null } : null;

        if (!newestFirst.Any(line => line.BringsContent))
            return newest;
        // Where contents lay before is true of the snapshot before these increments only for a line of the oldest of them.
        if (newestFirst.Count == 1 && newest.Kind == ChangeKind.Moved && inOldest && !isFirst)
            return newest;
        return new RecordLine(wasThere ? ChangeKind.Changed : ChangeKind.New, newest.Entry, null);
    }

    /// <summary>Which of the lines brought the contents that the newest one means; null when an older increment did, or when there are none.</summary>
    public static int? Bringer(IReadOnlyList<RecordLine> newestFirst)
    {
        for (var i = 0; i < newestFirst.Count; i++)
        {
            if (newestFirst[i].Kind == ChangeKind.Deleted)
                return null;
            if (newestFirst[i].BringsContent)
                return i;
        }
        return null;
    }
}
