using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// What is left of a path's history when its older versions are forgotten: the version that the newest snapshot lists, from
/// the run that brought it on, or nothing. Paths have to come in path order.
/// </summary>
internal sealed class PathCut(RuleList masks)
{
    private EntryPath? _below;

    /// <summary>How many of the newest lines stay; all of them for a path that no mask names.</summary>
    public int Keeps(PathHistory history)
    {
        if (!IsNamed(history) || history.Path.IsRoot)
            return history.Newest.Count;
        if (history.Newest[0].Line.Kind == ChangeKind.Deleted)
            return 0;
        for (var i = 0; i < history.Newest.Count; i++)
            if (history.Newest[i].Line.BringsContent)
                return i + 1;
        return history.Newest.Count;
    }

    /// <summary>The line at <paramref name="index"/> when <paramref name="keeps"/> lines stay.</summary>
    public static RecordLine Line(PathHistory history, int index, int keeps)
    {
        var line = history.Newest[index].Line;
        // Nothing was there before any more.
        return keeps < history.Newest.Count && index == keeps - 1 ? new RecordLine(ChangeKind.New, line.Entry, null) : line;
    }

    /// <summary>A mask that names a folder names everything below it, whatever a later run made of it.</summary>
    private bool IsNamed(PathHistory history)
    {
        if (_below is { } folder && history.Path.IsUnder(folder))
            return true;
        var isFolder = history.Newest.Any(n => n.Line.Entry.Type == EntryType.Folder);
        if (masks.LastMatch(history.Path, isFolder) is not { Negated: false })
            return false;
        _below = history.Path;
        return true;
    }
}
