using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>What became of the first names of hard-linked files in this run; their further names come later in path order.</summary>
internal sealed class LinkedContents
{
    private readonly Dictionary<EntryPath, (Entry? Entry, bool[] Replaced)> _firsts = [];
    private readonly HashSet<EntryPath> _failed = [];

    public void Remember(Outcome outcome) =>
        _firsts[outcome.Item.Path] = (outcome.Entry, [.. outcome.Changes.Select(c => c is { Kind: ChangeKind.New or ChangeKind.Changed or ChangeKind.Moved })]);

    public void Failed(PlanItem item)
    {
        if (item.Source?.LinkedWith == item.Path)
            _failed.Add(item.Path);
    }

    public bool HasFailed(EntryPath first) => _failed.Contains(first);

    /// <summary>The first name as it was read; null when it was not part of the plan.</summary>
    public Entry? EntryOf(EntryPath first) => _firsts.TryGetValue(first, out var known) ? known.Entry : null;

    /// <summary>A further name is the same file: it has the metadata that was read with the contents, also when the scan saw other.</summary>
    public static Entry Follow(Entry further, Entry? first) => first is null ? further : first with
    {
        Path = further.Path,
        LinkedWith = further.LinkedWith,
        Tracked = further.Tracked,
    };

    /// <summary>True when the first name got a new inode in this target.</summary>
    public bool IsReplaced(EntryPath first, int target) => _firsts.TryGetValue(first, out var known) && known.Replaced[target];
}
