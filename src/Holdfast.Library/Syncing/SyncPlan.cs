using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>
/// What has to be done to make both sides the same: three-way, path by path, against what they had in common last. Without a
/// base nothing can have been deleted.
/// </summary>
internal sealed class SyncPlan
{
    private readonly List<SyncAction> _actions = [];

    private SyncPlan()
    {
    }

    /// <summary>In path order; moves stand for a put and a removal.</summary>
    public IReadOnlyList<SyncAction> Actions => _actions;

    /// <summary>Paths that both sides changed, each in its own way.</summary>
    public List<EntryPath> Conflicts { get; } = [];

    /// <summary>Paths that are the same on both sides, with what they hold.</summary>
    public Dictionary<EntryPath, ContentId> Same { get; } = [];

    /// <summary>Paths of which nothing is known on one side: what was common stays common.</summary>
    public List<EntryPath> Unknown { get; } = [];

    /// <summary>Compares both sides.</summary>
    /// <param name="common">What they had in common last; null for no base.</param>
    /// <param name="folder">What the folder has.</param>
    /// <param name="library">What the library has.</param>
    /// <param name="isKnown">False for a path of which nothing is known on one of the sides, and for what the rules leave out.</param>
    public static SyncPlan Of(
        IReadOnlyDictionary<EntryPath, BaseFile> common,
        IReadOnlyDictionary<EntryPath, ContentId> folder,
        IReadOnlyDictionary<EntryPath, ContentId> library,
        Func<EntryPath, bool> isKnown)
    {
        var plan = new SyncPlan();
        foreach (var path in common.Keys.Union(folder.Keys).Union(library.Keys).Order())
            if (isKnown(path))
                plan.Decide(path, common.GetValueOrDefault(path)?.Content, Held(folder, path), Held(library, path));
            else
                plan.Unknown.Add(path);
        plan.FindMoves(SyncSide.Folder);
        plan.FindMoves(SyncSide.Library);
        return plan;
    }

    private void Decide(EntryPath path, ContentId? common, ContentId? folder, ContentId? library)
    {
        if (folder == library)
        {
            if (folder is { } same)
                Same[path] = same;
        }
        else if (folder == common)
        {
            Add(SyncSide.Folder, path, folder, library);
        }
        else if (library == common)
        {
            Add(SyncSide.Library, path, library, folder);
        }
        else if (folder is null)
        {
            Add(SyncSide.Folder, path, null, library); // Who changed a file wants it more than who deleted it.
        }
        else if (library is null)
        {
            Add(SyncSide.Library, path, null, folder);
        }
        else
        {
            Conflicts.Add(path);
        }
    }

    private void Add(SyncSide side, EntryPath path, ContentId? old, ContentId? wanted) =>
        _actions.Add(new SyncAction(side, wanted is null ? SyncStepKind.Remove : SyncStepKind.Put, path) { Old = old, New = wanted });

    /// <summary>A content that leaves one path of a side and comes to another was renamed on the other side.</summary>
    private void FindMoves(SyncSide side)
    {
        var leaving = new Dictionary<ContentId, Queue<SyncAction>>();
        var way = new MakingWay(_actions.Where(a => a.Side == side && a.Kind == SyncStepKind.Remove).Select(a => a.Path));
        foreach (var action in _actions)
            if (action.Side == side && action is { Kind: SyncStepKind.Remove, Old: { } content })
                (leaving.TryGetValue(content, out var queue) ? queue : leaving[content] = new Queue<SyncAction>()).Enqueue(action);
        var moved = new HashSet<SyncAction>();
        for (var i = 0; i < _actions.Count; i++)
            if (_actions[i] is { Kind: SyncStepKind.Put, Old: null, New: { } content } put
                && put.Side == side
                && !way.IsNeededFor(put.Path)
                && leaving.TryGetValue(content, out var from)
                && from.TryDequeue(out var old))
            {
                moved.Add(old);
                _actions[i] = put with { Kind = SyncStepKind.Move, From = old.Path, Old = content };
            }
        _actions.RemoveAll(moved.Contains);
    }

    private static ContentId? Held(IReadOnlyDictionary<EntryPath, ContentId> side, EntryPath path) => side.TryGetValue(path, out var content) ? content : null;
}
