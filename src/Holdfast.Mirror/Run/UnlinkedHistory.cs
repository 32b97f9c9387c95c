using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Run;

/// <summary>
/// History where there are no hard links: contents lie in mirror/ alone, and move into the increment that brought them when
/// something else takes their place. Nothing lies in the place twice.
/// </summary>
internal sealed class UnlinkedHistory(IFolder mirror, IReadOnlyList<Increment> increments, NewIncrement increment, Remarks remarks, bool wasInterrupted)
{
    /// <summary>Where in the place goes what lies at a path that is replaced or removed; null when nothing there is needed.</summary>
    public EntryPath? WhereGoes(Change change, KnownEntry known)
    {
        var path = change.Path;
        if (known.Holding is Holding.Foreign or Holding.Lost)
        {
            if (mirror.TryStat(path) is not { Type: not EntryType.Folder } stat)
                return null;
            var content = stat.Type == EntryType.File && known.Holding == Holding.Lost ? HashOf(path) : null;
            // What a run that was cut off had put there already, or a file whose time alone is another.
            if (content is not null && content == change.Entry.Content && change.Kind != ChangeKind.Deleted)
                return null;
            if (content is null || content != known.Entry.Content)
                return Foreign(path, known.Holding);
        }
        if (known.Entry.Type != EntryType.File)
            return null;
        return known.Entry.Tracked ? TrackPath(known.Version, path) : path.Under(MirrorLayout.UndoOf(increment.Number - 1));
    }

    /// <summary>Makes the folders that <see cref="SetAside"/> moves to. They must be durable by then.</summary>
    public static void Prepare(IFolder place, IEnumerable<Step> steps)
    {
        foreach (var step in steps)
            if (step.SetAside is { } to)
                FolderTree.Ensure(place, to.Parent, MirrorLayout.FolderMode);
    }

    /// <summary>
    /// Moves everything out of mirror/ that goes somewhere. What lies there already is what the newest snapshot means: a run
    /// that was cut off moved it, and what is in mirror/ now is its own.
    /// </summary>
    public static bool SetAside(IFolder place, IFolder mirror, IFolder staging, Func<long, EntryPath> nameOf, IEnumerable<Step> steps)
    {
        var any = false;
        foreach (var step in steps)
        {
            if (step.SetAside is not { } to || place.TryStat(to) is not null)
                continue;
            // What only leaves the history stays in mirror/; the history gets a copy.
            var (folder, from) = step.Kind == ChangeKind.Metadata ? (staging, nameOf(step.Staged!.Value)) : (mirror, step.Entry.Path);
            if (folder.TryStat(from) is null)
                continue;
            any = true;
            var time = folder.Stat(from.Parent).Modified;
            folder.Rename(from, place, to, replace: false);
            // The folder itself may not have changed: the pass that follows leaves it as it finds it.
            folder.SetModified(from.Parent, time);
        }
        return any;
    }

    private EntryPath Foreign(EntryPath path, Holding holding)
    {
        if (holding == Holding.Foreign)
            remarks.Add("{0} files in mirror/ did not come from the source; they lie under deleted/ of the new increment now");
        else if (wasInterrupted)
            remarks.Add("{0} files in mirror/ were already newer than the last snapshot, after an interrupted run");
        else
            remarks.Add("{0} files in mirror/ had been edited there; the edited ones lie under deleted/ of the new increment now");
        return increment.DeletedPath(path);
    }

    /// <summary>In the increment that brought the contents, or, when that was forgotten, the one it became part of.</summary>
    private EntryPath TrackPath(long version, EntryPath path) =>
        path.Under(increments.First(i => i.Number >= version).Folder.Child(MirrorLayout.Track.Bytes));

    private ContentId? HashOf(EntryPath path)
    {
        using var file = mirror.OpenFile(path);
        return new ContentId(SHA256.HashData(new FileReadStream(file)));
    }
}
