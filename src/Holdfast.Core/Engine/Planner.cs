using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// The merge-join: the scan of the source against what each target had, both in path order, in one pass. Memory does not
/// grow with the number of files.
/// </summary>
internal sealed class Planner(Comparison comparison, RunCounters counters, IReadOnlyList<PlanTarget> targets, bool allowDeletions)
{
    private EntryPath? _unknownBelow;

    public IEnumerable<PlanItem> Plan(IEnumerable<ScanItem> scan)
    {
        foreach (var item in scan)
        {
            foreach (var gone in GoneBefore(item.Path))
                yield return gone;
            if (item is UnknownPath unknown)
                NoteUnknown(unknown);
            else if (item is FoundEntry found && Meet(found.Entry) is { } plan)
                yield return plan;
        }
        foreach (var gone in GoneBefore(null))
            yield return gone;
    }

    private void NoteUnknown(UnknownPath unknown)
    {
        if (unknown.WithSubtree)
            _unknownBelow = unknown.Path;
        if (unknown.IsFailure)
            counters.Fail(unknown.Path, unknown.Reason);
        else
            counters.Postponed++;
        foreach (var target in targets)
            if (target.Current is { } known && known.Entry.Path == unknown.Path)
                target.Advance(keep: true);
    }

    private PlanItem? Meet(Entry entry)
    {
        counters.Count(entry);
        var changes = new Change?[targets.Count];
        bool any = false, inDoubt = false;
        for (var i = 0; i < targets.Count; i++)
        {
            var known = targets[i].Current is { } current && current.Entry.Path == entry.Path ? current : null;
            if (known is null)
            {
                // What lies under an absent mount is not what was copied from there.
                if (targets[i].IsUnderGoneMount(entry.Path))
                    continue;
                changes[i] = new Change(ChangeKind.New, entry, null);
                any = true;
                continue;
            }
            targets[i].Advance(keep: true);
            if (targets[i].IsUnderGoneMount(entry.Path))
                continue;
            if (targets[i].NoteMount(known.Entry, entry, allowDeletions))
            {
                counters.Fail(entry.Path, "the file system that was mounted here is not there; nothing below it was removed");
                continue;
            }
            if (comparison.Compare(ref entry, known) is not { } verdict)
                continue;
            any = true;
            inDoubt |= verdict.InDoubt;
            changes[i] = new Change(verdict.Kind, entry, known);
        }
        return any ? new PlanItem(entry, changes, inDoubt) : null;
    }

    /// <summary>What targets have before <paramref name="path"/> (null: up to the end) and the source did not show.</summary>
    private IEnumerable<PlanItem> GoneBefore(EntryPath? path)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            while (target.Current is { } known && (path is not { } limit || known.Entry.Path.CompareTo(limit) < 0))
            {
                var gone = known.Entry.Path;
                var isUnknown = (_unknownBelow is { } unknown && gone.IsUnder(unknown)) || target.IsUnderGoneMount(gone);
                if (!isUnknown && known.Entry.IsMountPoint && !allowDeletions)
                {
                    target.GoneMount = gone;
                    target.Need(gone);
                    isUnknown = true;
                    counters.Fail(gone, "the file system that was mounted here is not there; nothing below it was removed");
                }
                target.Advance(isUnknown);
                if (isUnknown)
                    continue;
                var changes = new Change?[targets.Count];
                changes[i] = new Change(ChangeKind.Deleted, known.Entry, known);
                yield return new PlanItem(null, changes, InDoubt: false);
            }
        }
    }
}
