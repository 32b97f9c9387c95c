using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Paths that leave, for the question which must go first: a folder becomes a file, or a file a folder.</summary>
internal sealed class MakingWay
{
    private readonly HashSet<EntryPath> _leaving = [], _above = [];

    public MakingWay(IEnumerable<EntryPath> leaving)
    {
        foreach (var path in leaving)
        {
            _leaving.Add(path);
            for (var above = path.Parent; !above.IsRoot; above = above.Parent)
                _above.Add(above);
        }
    }

    /// <summary>True when something that leaves lies above or below the path.</summary>
    public bool IsNeededFor(EntryPath path)
    {
        if (_above.Contains(path))
            return true;
        for (var above = path.Parent; !above.IsRoot; above = above.Parent)
            if (_leaving.Contains(above))
                return true;
        return false;
    }

    /// <summary>Of actions, the removals that must come before the others.</summary>
    public static HashSet<EntryPath> Of(IEnumerable<SyncAction> actions)
    {
        var all = actions.ToList();
        var coming = new MakingWay(all.Where(a => a.Kind != SyncStepKind.Remove).Select(a => a.Path));
        return [.. all.Where(a => a.Kind == SyncStepKind.Remove && coming.IsNeededFor(a.Path)).Select(a => a.Path)];
    }
}
