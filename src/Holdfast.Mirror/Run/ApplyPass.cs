using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>
/// Brings mirror/ to its next state in one pass in path order. Folders are finished when the pass leaves them: only then
/// is nothing written into them any more, so that their times hold, and only then are they empty when they go away.
/// </summary>
internal sealed class ApplyPass(IFolder mirror, IFolder? staging, FileSystemTraits traits, MetadataWriter metadata, Remarks remarks, Func<long, EntryPath> nameOf)
{
    private const int OwnerMayChange = 0x1c0;

    private readonly Stack<Level> _levels = new();

    private sealed record Level(EntryPath Path, FileStat Before)
    {
        /// <summary>What the folder is to be, when it has a step of its own.</summary>
        public Entry? Final { get; init; }

        /// <summary>True when it goes away.</summary>
        public bool Goes { get; init; }

        /// <summary>What takes its place then.</summary>
        public Step? Successor { get; init; }
    }

    public void Run(IEnumerable<Step> steps)
    {
        Enter(new Level(EntryPath.Root, mirror.Stat(EntryPath.Root)));
        foreach (var step in steps)
        {
            var path = step.Entry.Path;
            if (path.IsRoot)
            {
                Replace(_levels.Pop() with { Final = step.Entry });
                continue;
            }
            // Where its folder is gone too, by hand or by a run that was cut off, nothing is left to remove.
            if (!TryGoTo(path.Parent) && step.Kind == ChangeKind.Deleted)
                continue;
            if (step.Entry.Type == EntryType.Folder)
                Folder(step, path);
            else
                Other(step, path);
        }
        while (_levels.Count > 0)
            Leave();
    }

    private void Folder(Step step, EntryPath path)
    {
        var present = mirror.TryStat(path);
        if (step.Kind == ChangeKind.Deleted)
        {
            RemoveWhatIsThere(path, present);
            return;
        }
        if (present is { Type: not EntryType.Folder })
        {
            mirror.Remove(path);
            present = null;
        }
        if (present is null)
            mirror.CreateFolder(path, MirrorLayout.FolderMode);
        Enter(new Level(path, present ?? mirror.Stat(path)) { Final = step.Entry });
    }

    private void Other(Step step, EntryPath path)
    {
        if (step.Kind is ChangeKind.Metadata or ChangeKind.Refreshed)
        {
            if (traits.Holds(step.Entry.Type) && (step.Kind == ChangeKind.Metadata || step.Holding == Holding.OtherMetadata))
                metadata.Apply(mirror, path, step.Entry);
            return;
        }
        var mayBeFolder = step.Before == EntryType.Folder || step.Holding is Holding.Lost or Holding.Foreign;
        // What the place cannot hold is in the record alone, and nothing is in its way.
        var goes = step.Kind == ChangeKind.Deleted || step.Staged is null;
        var present = mayBeFolder || goes ? mirror.TryStat(path) : null;
        if (goes)
        {
            RemoveWhatIsThere(path, present);
        }
        else if (present is { Type: EntryType.Folder } folder)
        {
            Enter(new Level(path, folder) { Goes = true, Successor = step });
        }
        else
        {
            Place(step, path);
        }
    }

    /// <summary>Somebody may have put something of another type there.</summary>
    private void RemoveWhatIsThere(EntryPath path, FileStat? present)
    {
        if (present is { Type: EntryType.Folder } folder)
            Enter(new Level(path, folder) { Goes = true });
        else if (present is not null)
            mirror.Remove(path);
    }

    private void Place(Step step, EntryPath path)
    {
        staging!.Rename(nameOf(step.Staged!.Value), mirror, path, replace: true);
        // What was renamed is the old inode, and a further name may be a copy of it: both may have to take new metadata.
        if (step.Kind == ChangeKind.Moved || (step.Entry.LinkedWith is { } first && first != path))
            metadata.Apply(mirror, path, step.Entry);
    }

    /// <summary>Leaves what lies beside the way to <paramref name="folder"/> and enters what lies on it; false when it is no folder.</summary>
    private bool TryGoTo(EntryPath folder)
    {
        while (!folder.IsAtOrUnder(_levels.Peek().Path))
            Leave();
        var missing = new Stack<EntryPath>();
        for (var path = folder; path != _levels.Peek().Path; path = path.Parent)
            missing.Push(path);
        foreach (var path in missing)
        {
            if (mirror.TryStat(path) is not { Type: EntryType.Folder } stat)
                return false;
            Enter(new Level(path, stat));
        }
        return true;
    }

    private void Enter(Level level)
    {
        if ((level.Before.Mode & OwnerMayChange) != OwnerMayChange)
            mirror.SetMode(level.Path, level.Before.Mode | OwnerMayChange);
        _levels.Push(level);
    }

    private void Replace(Level level) => _levels.Push(level);

    private void Leave()
    {
        var level = _levels.Pop();
        if (level.Goes)
        {
            Remove(level);
        }
        else if (level.Final is { } final)
        {
            metadata.Apply(mirror, level.Path, final);
        }
        else
        {
            if ((level.Before.Mode & OwnerMayChange) != OwnerMayChange)
                mirror.SetMode(level.Path, level.Before.Mode);
            if (mirror.Stat(level.Path).Modified != level.Before.Modified)
                mirror.SetModified(level.Path, level.Before.Modified);
        }
    }

    private void Remove(Level level)
    {
        try
        {
            mirror.RemoveFolder(level.Path);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotEmpty or Errno.Exists)
        {
            // Somebody put something into it while the run was on: the next run sees it.
            remarks.Add("{0} folders in mirror/ were not removed because something was put into them during the run");
            return;
        }
        if (level.Successor is { } successor)
            Place(successor, level.Path);
    }
}
