using System.Globalization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library.Syncing;

/// <summary>
/// Does the steps of a sync to a library in a folder. Order: bytes of known contents are linked or copied → barrier → steps →
/// barrier. A crash in the middle leaves whole files: each step was done or was not.
/// </summary>
internal sealed class LibraryChanges(IFolder place, IFolder incoming, LibraryIndex index, LibraryRecord record, Contents contents, TimeProvider time)
{
    private readonly TreeChanges _tree = new(place, incoming, new Trash(place, time));
    private readonly List<ContentId> _came = [];

    // How known contents looked when they were linked or copied.
    private readonly Dictionary<EntryPath, FileStat> _taken = [];
    private int _aliases;

    public IReadOnlyList<StepOutcome> Do(IReadOnlyList<SyncStep> steps)
    {
        var staged = new EntryPath?[steps.Count];
        for (var i = 0; i < staged.Length; i++)
            if (steps[i] is { Kind: SyncStepKind.Put } put && !IsDeleted(put))
                staged[i] = put.Staged is StagedFile { IsComplete: true, IsUsedUp: false } file ? file.Name : Alias(put);
        // Invariant: a file gets its final name only when its bytes are durable.
        if (Array.Exists(staged, s => s is not null))
            place.Barrier();
        var outcomes = new StepOutcome[steps.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Do(steps[i], staged[i]);
            Drop(steps[i], staged[i], outcomes[i] == StepOutcome.Done);
        }
        // Invariant: a date of verification is of the bytes that lie there now.
        record.Doubt(_came, time.GetUtcNow());
        place.Barrier();
        return outcomes;
    }

    private StepOutcome Do(SyncStep step, EntryPath? staged)
    {
        if (step.Path.IsRoot || LibraryLayout.IsOurs(step.Path))
            return StepOutcome.Unfit;
        if (IsDone(step))
            return StepOutcome.Done;
        return step.Kind switch
        {
            SyncStepKind.Put => IsDeleted(step) ? StepOutcome.DeletedForGood : (staged ?? LateAlias(step)) is { } bytes ? Put(step, bytes) : StepOutcome.Missing,
            SyncStepKind.Move => Move(step),
            _ => Remove(step),
        };
    }

    /// <summary>A request that arrives a second time finds its steps done.</summary>
    private bool IsDone(SyncStep step) => step.Kind switch
    {
        SyncStepKind.Put => contents.IsAt(step.Entry!.Content!.Value, step.Path),
        SyncStepKind.Move => step is { From: { } from, Expected: { } content } && _tree.At(from) is null && contents.IsAt(content, step.Path),
        _ => _tree.IsReachable(step.Path) && place.TryStat(step.Path) is null,
    };

    private StepOutcome Put(SyncStep step, EntryPath staged)
    {
        if (step.Expected is null && !MayName(step.Path, from: null))
            return StepOutcome.Unfit;
        var (came, was) = (incoming.Stat(staged), _tree.At(step.Path));
        // Somebody may have written to the file that this is a link to while others were at the barrier.
        if (_taken.TryGetValue(staged, out var taken) && !IsSame(came, taken))
            return StepOutcome.Missing;
        if (!_tree.Put(staged, step.Path, step.Expected is { } old ? _ => contents.IsAt(old, step.Path) : null))
            return StepOutcome.Changed;
        var content = step.Entry!.Content!.Value;
        if (came.Links == 1)
            _came.Add(content);
        Leaves(step.Path);
        Note(step.Path, content, came);
        FollowNames(was);
        return StepOutcome.Done;
    }

    private StepOutcome Move(SyncStep step)
    {
        if (step is not { From: { } from, Expected: { } content } || LibraryLayout.IsOurs(from))
            return StepOutcome.Changed;
        if (!MayName(step.Path, from))
            return StepOutcome.Unfit;
        if (_tree.At(from) is not { } was || !_tree.Move(from, step.Path, _ => contents.IsAt(content, from)))
            return StepOutcome.Changed;
        index.Remove(from);
        Note(step.Path, content, was);
        return StepOutcome.Done;
    }

    private StepOutcome Remove(SyncStep step)
    {
        if (step.Expected is not { } content || !contents.IsAt(content, step.Path))
            return StepOutcome.Changed;
        // Invariant: the decision is durable before the file goes.
        if (index.Remembers && !step.IsWanted && place.Stat(step.Path).Size > 0 && !contents.HasOther(content, step.Path))
            record.Decide([new DecisionLine(time.GetUtcNow(), Decision.Deleted, content, step.Path)]);
        var was = _tree.At(step.Path);
        if (!_tree.Remove(step.Path, _ => contents.IsAt(content, step.Path)))
            return StepOutcome.Changed;
        Leaves(step.Path);
        index.Remove(step.Path);
        FollowNames(was);
        return StepOutcome.Done;
    }

    /// <summary>The file of a path goes, and nobody knows whether it was the one that was read back.</summary>
    private void Leaves(EntryPath path)
    {
        if (index.FileAt(path) is { } file && index.HasOtherFile(file, place.Traits.StableIdentity))
            _came.Add(file.Content);
    }

    /// <summary>A second file with contents that the library holds: shared blocks where the place can, else a hard link, else a copy.</summary>
    private EntryPath? Alias(SyncStep step)
    {
        if (step.Entry is not { Content: { } content } || contents.Find(content) is not { } origin || place.TryStat(origin) is not { } before || !contents.IsAt(content, origin))
            return null;
        var alias = EntryPath.From(string.Create(CultureInfo.InvariantCulture, $"alias-{_aliases++}"));
        if (incoming.TryStat(alias) is not null)
            incoming.Remove(alias);
        var traits = place.Traits;
        if (!traits.HardLinks || traits.Reflinks || !TryLink(origin, alias))
            FileCopy.Make(place, origin, incoming, alias);
        else
            Note(origin, content, before);
        // Invariant: what is linked or copied is what was hashed; who edits the file in place may do so at any time.
        if (contents.IsAt(content, origin))
        {
            _taken[alias] = incoming.Stat(alias);
            return alias;
        }
        incoming.Remove(alias);
        return null;
    }

    /// <summary>Of several paths with one new content the first brought the bytes.</summary>
    private EntryPath? LateAlias(SyncStep step)
    {
        if (Alias(step) is not { } alias)
            return null;
        if (incoming.Stat(alias).Links == 1)
            place.Barrier();
        return alias;
    }

    private bool TryLink(EntryPath origin, EntryPath alias)
    {
        try
        {
            place.Link(origin, incoming, alias);
            return true;
        }
        catch (FileSystemException e) when (e.Error is Errno.NotSupported or Errno.NotPermitted or Errno.TooManyLinks or Errno.NotImplemented)
        {
            return false;
        }
    }

    /// <summary>Links, renames and mounts change ctime and perhaps the inode; what else is other says that the contents may be.</summary>
    private static bool IsSame(in FileStat now, in FileStat then) => now.Size == then.Size && now.Modified == then.Modified;

    /// <summary>Takes a file into the index, unless somebody has written to it already: then the next scan does.</summary>
    private void Note(EntryPath path, ContentId content, in FileStat expected)
    {
        if (place.TryStat(path) is not { Type: EntryType.File } stat || !IsSame(stat, expected))
            return;
        index.Put(IndexedFile.Of(path, content, stat));
        FollowNames(stat);
    }

    /// <summary>What gives a file a name, or takes or changes one, changes the ctime of all its names; nothing else of them changed.</summary>
    private void FollowNames(FileStat? file)
    {
        if (file is not { Links: > 1 } stat)
            return;
        foreach (var name in index.FilesWithInode(stat.Inode))
            if (name.IsSameFile(stat) && place.TryStat(name.Path) is { Type: EntryType.File } now && name.IsSameFile(now))
                index.Put(IndexedFile.Of(name.Path, name.Content, now));
    }

    /// <summary>False for names that some system cannot hold, and for those it takes for another file's.</summary>
    private bool MayName(EntryPath path, EntryPath? from)
    {
        var folded = LibraryName.Fold(path);
        return LibraryName.Map(path) == path && (!index.HasFolded(folded) || (from is { } old && LibraryName.Fold(old) == folded) || index.FileAt(path) is not null);
    }

    private bool IsDeleted(SyncStep step) => step.Entry is { Size: > 0, Content: { } content } && index.IsDeleted(content) && contents.Find(content) is null;

    private void Drop(SyncStep step, EntryPath? staged, bool done)
    {
        if (step.Staged is StagedFile file)
        {
            file.IsUsedUp |= done;
            file.Drop();
        }
        else if (staged is { } alias && incoming.TryStat(alias) is not null)
        {
            // Not done; or done while a name of the same file was there already, which a rename leaves alone (rename(2)).
            incoming.Remove(alias);
        }
    }
}
