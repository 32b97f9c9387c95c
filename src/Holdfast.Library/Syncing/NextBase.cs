using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>What both sides have in common after a run. What was not done, or not known, stays as it was common before.</summary>
/// <param name="before">The base until now.</param>
/// <param name="files">What the folder held.</param>
/// <param name="placed">What was put or moved there.</param>
/// <param name="began">When the folder was scanned.</param>
internal sealed class NextBase(IReadOnlyDictionary<EntryPath, BaseFile> before, IReadOnlyDictionary<EntryPath, Entry> files, IReadOnlyDictionary<EntryPath, BaseFile> placed, DateTimeOffset began)
{
    // A file written to just before it was read may be written to again within one step of the file system's clock, FAT's is two seconds.
    private static readonly TimeSpan Racy = TimeSpan.FromSeconds(2);

    public Dictionary<EntryPath, BaseFile> Of(SyncPlan plan, IEnumerable<SyncAction> actions, SyncTally tally)
    {
        var next = new Dictionary<EntryPath, BaseFile>();
        foreach (var path in plan.Unknown.Concat(plan.Conflicts))
            Stay(next, path);
        foreach (var (path, content) in plan.Same)
            next[path] = Look(path, content);
        foreach (var action in actions)
            if (!tally.IsDone(action))
                Stay(next, action.Path, action.From);
        foreach (var action in actions)
            if (tally.IsDone(action))
                Take(next, action);
        return next;
    }

    private void Stay(Dictionary<EntryPath, BaseFile> next, params ReadOnlySpan<EntryPath?> paths)
    {
        foreach (var path in paths)
            if (path is { } known && before.TryGetValue(known, out var file))
                next[known] = file;
    }

    private void Take(Dictionary<EntryPath, BaseFile> next, SyncAction action)
    {
        if (action.From is { } from)
            next.Remove(from);
        if (action.Kind == SyncStepKind.Remove)
            next.Remove(action.Path);
        else
            next[action.Path] = action.Side == SyncSide.Folder ? placed[action.Path] : Look(action.Path, action.New!.Value);
    }

    private BaseFile Look(EntryPath path, ContentId content)
    {
        var file = files[path];
        if (before.TryGetValue(path, out var known) && known.Content == content && known.Changed is not null && known.IsUntouched(file, stableIdentity: true))
            return known;
        var changed = file.Identity?.Changed;
        var settled = changed is { } at && at.ToDateTimeOffset() < began - Racy && file.Modified.ToDateTimeOffset() < began - Racy;
        return new BaseFile(path, content, file.Size, file.Modified, settled ? changed : null, file.Identity?.Inode ?? 0);
    }
}
