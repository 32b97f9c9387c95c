using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>What became of the first names of hard-linked files in this run; their further names come later in path order.</summary>
internal sealed class LinkedContents
{
    private readonly Dictionary<EntryPath, (ContentId? Content, bool[] Replaced)> _firsts = [];
    private readonly HashSet<EntryPath> _failed = [];

    public void Remember(Outcome outcome) =>
        _firsts[outcome.Item.Path] = (outcome.Content, [.. outcome.Changes.Select(c => c is { Kind: ChangeKind.New or ChangeKind.Changed or ChangeKind.Moved })]);

    public void Failed(PlanItem item)
    {
        if (item.Source?.LinkedWith == item.Path)
            _failed.Add(item.Path);
    }

    public bool HasFailed(EntryPath first) => _failed.Contains(first);

    public ContentId? ContentOf(EntryPath first) => _firsts.TryGetValue(first, out var known) ? known.Content : null;

    /// <summary>True when the first name got a new inode in this target.</summary>
    public bool IsReplaced(EntryPath first, int target) => _firsts.TryGetValue(first, out var known) && known.Replaced[target];
}
