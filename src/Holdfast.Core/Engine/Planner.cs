using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// The merge-join: the scan of the source against what each target had, both in path order, in one pass. Memory does not
/// grow with the number of files.
/// </summary>
internal sealed class Planner(Comparison comparison, RunCounters counters, IReadOnlyList<PlanTarget> targets, RootTally seen, bool allowDeletions, Func<EntryPath, bool> isStillThere)
{
    private EntryPath? _unknownBelow;
    private EntryPath? _hidden;

    public IEnumerable<PlanItem> Plan(IEnumerable<ScanItem> scan)
    {
        foreach (var item in scan)
        {
            foreach (var gone in GoneBefore(item.Path))
                yield return gone;
            if (item is UnknownPath unknown)
                NoteUnknown(unknown);
            else if (item is HiddenBelow hidden)
                NoteHidden(hidden.Path);
            else if (item is FoundEntry found && Meet(found.Entry) is { } plan)
                yield return plan;
        }
        foreach (var gone in GoneBefore(null))
            yield return gone;
    }

    private void NoteUnknown(UnknownPath unknown)
    {
        seen.Note(unknown.Path);
        if (unknown.WithSubtree)
            _unknownBelow = unknown.Path;
        if (unknown.IsFailure)
            counters.Fail(unknown.Path, unknown.Reason, isDenied: unknown.IsDenied);
        else
            counters.Postponed++;
        foreach (var target in targets)
            if (target.Current is { } known && known.Entry.Path == unknown.Path)
            {
                target.Need(unknown.Path);
                target.Advance(keep: true);
            }
    }

    /// <summary>What lies in a folder under a mount is not gone. Only what was copied out of the mount itself is excluded.</summary>
    private void NoteHidden(EntryPath path)
    {
        _hidden = path;
        if (allowDeletions)
            return;
        foreach (var target in targets)
            target.NoteHidden(path);
    }

    private PlanItem? Meet(Entry entry)
    {
        counters.Count(entry);
        if (entry.Type != EntryType.Folder)
            seen.Note(entry.Path);
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
            if (entry.Path != _hidden && targets[i].NoteMount(known.Entry, entry, allowDeletions))
            {
                FailMount(entry.Path);
                continue;
            }
            if (comparison.Compare(ref entry, known, whole: targets[i].Cyclic is not null) is not { } verdict)
            {
                targets[i].Cyclic?.Unchanged(entry, known);
                continue;
            }
            if (verdict.Kind == ChangeKind.Refreshed)
                targets[i].Cyclic?.Unchanged(entry, known);
            any = true;
            inDoubt |= verdict.InDoubt;
            changes[i] = new Change(verdict.Kind, entry, known);
        }
        return any ? new PlanItem(entry, changes, inDoubt) : null;
    }

    private void FailMount(EntryPath path)
    {
        counters.Fail(path, "the file system that was mounted here is not there; nothing below it was removed (--allow-deletions removes it)");
        // A source that itself is the missing mount counts as empty, and stops the run.
        if (!seen.IsRoot(path))
            seen.Note(path);
    }

    /// <summary>What targets have before <paramref name="path"/> (null: up to the end) and the source did not show.</summary>
    private IEnumerable<PlanItem> GoneBefore(EntryPath? path)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            while (target.Current is { } known && (path is not { } limit || known.Entry.Path.CompareTo(limit) < 0))
            {
                if (target.OnlyAdds)
                {
                    target.Advance(keep: true);
                    continue;
                }
                var gone = known.Entry.Path;
                var isUnknown = (_unknownBelow is { } unknown && gone.IsUnder(unknown)) || target.IsUnderGoneMount(gone);
                if (!isUnknown && known.Entry.IsMountPoint && !allowDeletions)
                {
                    target.GoneMount = gone;
                    isUnknown = true;
                    FailMount(gone);
                }
                if (isUnknown)
                    target.Need(gone);
                var isKeptOut = !isUnknown && target.Cyclic is not null && isStillThere(gone);
                target.Advance(isUnknown || isKeptOut);
                if (isKeptOut)
                    target.Cyclic!.KeptOut(known);
                if (isUnknown || isKeptOut)
                    continue;
                var changes = new Change?[targets.Count];
                changes[i] = new Change(ChangeKind.Deleted, known.Entry, known);
                yield return new PlanItem(null, changes, InDoubt: false);
            }
        }
    }
}
