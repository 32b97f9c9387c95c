using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// Brings contents of the other members into the base's track/. With hard links folder by folder and several folders at once:
/// a name costs the kernel the same as in <c>rm -rf</c>, so that only the way to it and the other cores are left to save.
/// Moving again what has moved changes nothing.
/// </summary>
internal sealed class ContentMoves(IFolder place, FileSystemTraits traits, MergeIntent intent)
{
    private readonly EntryPath _to = TrackOf(intent.Base);
    private readonly int _base = intent.Members.ToList().IndexOf(intent.Base);
    private readonly Lock _oneAtATime = new();

    public static EntryPath TrackOf(string id) => MirrorLayout.MergingFolder(id).Child(MirrorLayout.Track.Bytes);

    public void Run()
    {
        if (traits.HardLinks)
        {
            ManyFolders.Do(Batches(), LinkAll);
            return;
        }
        PrepareMoves();
        foreach (var step in Steps())
            MoveOne(step);
    }

    private IEnumerable<MergeStep> Steps() => MergeStep.Read(place, MergePlan.Steps).Where(s => s.Kind == MergeStepKind.Move);

    /// <summary>Steps that follow each other in one folder of one member.</summary>
    private IEnumerable<List<MergeStep>> Batches()
    {
        var batch = new List<MergeStep>();
        foreach (var step in Steps())
        {
            if (batch.Count > 0 && (batch[0].Member != step.Member || batch[0].Path.Parent != step.Path.Parent))
            {
                yield return batch;
                batch = [];
            }
            batch.Add(step);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private void LinkAll(List<MergeStep> batch)
    {
        var parent = batch[0].Path.Parent;
        using var from = TryOpen(parent.Under(TrackOf(intent.Members[batch[0].Member])));
        using var to = TryOpen(parent.Under(_to));
        foreach (var step in batch)
            if (from is null || to is null || !TryLink(from, to, EntryPath.From(step.Path.Name)))
                lock (_oneAtATime)
                    MoveOne(step);
    }

    private IFolder? TryOpen(EntryPath path)
    {
        try
        {
            return place.OpenFolder(path);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotFound or Errno.NotAFolder or Errno.Loop)
        {
            return null;
        }
    }

    private static bool TryLink(IFolder from, IFolder to, EntryPath name)
    {
        try
        {
            from.Link(name, to, name);
            return true;
        }
        catch (FileSystemException e) when (e.Error is Errno.Exists or Errno.NotFound or Errno.TooManyLinks)
        {
            return false;
        }
    }

    /// <summary>
    /// A second name, not a rename: the first one goes with its whole folder once the second is durable, so at no moment does a
    /// content depend on what the disk has not written yet.
    /// </summary>
    private void MoveOne(MergeStep step)
    {
        var (from, to) = (step.Path.Under(TrackOf(intent.Members[step.Member])), step.Path.Under(_to));
        if (place.TryStat(from) is not { Type: EntryType.File } file)
            return;
        if (place.TryStat(to) is { } there)
        {
            if (traits.HardLinks && there.Type == EntryType.File && there.Inode == file.Inode)
                return;
            if (traits.HardLinks || there.Type == EntryType.Folder)
                FolderTree.Delete(place, to);
        }
        try
        {
            Link(step, from, to);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotFound or Errno.NotAFolder)
        {
            RemoveWhatIsInTheWay(to);
            FolderTree.Ensure(place, to.Parent, MirrorLayout.FolderMode);
            Link(step, from, to);
        }
    }

    /// <summary>Where the only name of a file is to move, its folder must be durable first, and nothing may come to light behind it.</summary>
    private void PrepareMoves()
    {
        foreach (var step in Steps())
        {
            RemoveSuperseded(step);
            var to = step.Path.Under(_to);
            RemoveWhatIsInTheWay(to);
            FolderTree.Ensure(place, to.Parent, MirrorLayout.FolderMode);
        }
        place.Barrier();
    }

    /// <summary>
    /// A reader takes a file from the newest member that has it. Once the source's has moved into an older base, that would be
    /// an older version between the two.
    /// </summary>
    private void RemoveSuperseded(MergeStep step)
    {
        for (var member = _base + 1; member < step.Member; member++)
            if (step.Path.Under(TrackOf(intent.Members[member])) is var older && place.TryStat(older) is { Type: EntryType.File })
                place.Remove(older);
    }

    /// <summary>Without hard links the one name moves. Nothing that is not durable yet builds on it, and nothing else is to take its place.</summary>
    private void Link(MergeStep step, EntryPath from, EntryPath to)
    {
        if (!traits.HardLinks)
        {
            place.Rename(from, place, to, replace: true);
            return;
        }
        try
        {
            place.Link(from, place, to);
        }
        catch (FileSystemException e) when (e.Error == Errno.TooManyLinks)
        {
            RemoveSuperseded(step);
            place.Barrier();
            place.Rename(from, place, to, replace: false);
        }
    }

    /// <summary>track/ holds what the record names and nothing else: another type at the path is a rest that no record names.</summary>
    private void RemoveWhatIsInTheWay(EntryPath to)
    {
        for (var folder = to.Parent; !folder.IsRoot; folder = folder.Parent)
            if (place.TryStat(folder) is { Type: not EntryType.Folder })
                place.Remove(folder);
    }
}
