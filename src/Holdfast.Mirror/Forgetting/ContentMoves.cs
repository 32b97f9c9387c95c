using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// Brings contents of the other members into the base's track/: one rename each, folder by folder and several folders at once.
/// A rename is there or not, whatever happens, so that at every moment the newest member that has a path has the right content.
/// Moving again what has moved changes nothing.
/// </summary>
internal sealed class ContentMoves(IFolder place, MergeIntent intent)
{
    private readonly EntryPath _to = TrackOf(intent.Base);
    private readonly Lock _oneAtATime = new();

    public static EntryPath TrackOf(string id) => MirrorLayout.MergingFolder(id).Child(MirrorLayout.Track.Bytes);

    public void Run()
    {
        MakeFolders();
        ManyFolders.Do(Batches(), MoveAll);
    }

    /// <summary>Steps that follow each other in one folder of one member.</summary>
    private IEnumerable<List<MergeStep>> Batches()
    {
        var batch = new List<MergeStep>();
        foreach (var step in MergeStep.Read(place, MergePlan.Steps).Where(s => s.Kind == MergeStepKind.Move))
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

    /// <summary>The only name of a file is to move into them, so they must be durable first.</summary>
    private void MakeFolders()
    {
        var missing = new ConcurrentBag<EntryPath>();
        ManyFolders.Do(Batches(), batch =>
        {
            var folder = batch[0].Path.Parent.Under(_to);
            if (place.TryStat(folder) is not { Type: EntryType.Folder })
                missing.Add(folder);
        });
        foreach (var folder in missing)
        {
            RemoveWhatIsInTheWay(folder);
            FolderTree.Ensure(place, folder, MirrorLayout.FolderMode);
        }
        if (!missing.IsEmpty)
            place.Barrier();
    }

    private void MoveAll(List<MergeStep> batch)
    {
        var parent = batch[0].Path.Parent;
        using var from = TryOpen(parent.Under(TrackOf(intent.Members[batch[0].Member])));
        if (from is null)
            return; // All that was in it has moved.
        using var to = place.OpenFolder(parent.Under(_to));
        foreach (var step in batch)
            if (!TryMove(from, to, EntryPath.From(step.Path.Name)))
                lock (_oneAtATime)
                    MoveOntoFolder(step);
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

    /// <summary>False when something is in the way.</summary>
    private static bool TryMove(IFolder from, IFolder to, EntryPath name)
    {
        try
        {
            from.Rename(name, to, name, replace: true);
            return true;
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            return true; // It has moved, before a crash.
        }
        catch (FileSystemException e) when (e.Error is Errno.IsAFolder or Errno.NotAFolder or Errno.Exists or Errno.NotEmpty)
        {
            return false;
        }
    }

    /// <summary>track/ holds what the record names and nothing else: another type at the path is a rest that no record names.</summary>
    private void MoveOntoFolder(MergeStep step)
    {
        var (from, to) = (step.Path.Under(TrackOf(intent.Members[step.Member])), step.Path.Under(_to));
        if (place.TryStat(from) is not { Type: EntryType.File })
            return;
        FolderTree.Delete(place, to);
        place.Rename(from, place, to, replace: true);
    }

    private void RemoveWhatIsInTheWay(EntryPath folder)
    {
        for (; !folder.IsRoot; folder = folder.Parent)
            if (place.TryStat(folder) is { Type: not EntryType.Folder })
                place.Remove(folder);
    }
}
