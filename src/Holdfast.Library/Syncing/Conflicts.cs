using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Both sides changed a file: the library's version keeps the name, the client's gets another one; both sides get both.</summary>
internal sealed class Conflicts(SyncedFolder folder, Dictionary<EntryPath, Entry> files, Dictionary<EntryPath, Entry> wanted, string client, DateTimeOffset now, SyncTally tally)
{
    private readonly List<EntryPath> _kept = [];

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Remarks =>
        _kept.Count == 0 ? [] : [$"{_kept.Count:N0} files were changed on both sides; both versions are kept (the first: {_kept[0]})"];

    /// <summary>Renames the client's version, and gives what is left to do; nothing when it cannot be renamed.</summary>
    public IReadOnlyList<SyncAction> Keep(EntryPath path)
    {
        var (mine, theirs) = (files[path], wanted[path].Content!.Value);
        var name = ConflictName.Of(path, client, now, p => files.ContainsKey(p) || wanted.ContainsKey(p));
        try
        {
            if (!folder.Changes!.Move(path, name, stat => stat.Size == mine.Size && stat.Modified == mine.Modified && (!folder.Folder.Traits.StableIdentity || stat.Changed == mine.Identity?.Changed)))
            {
                tally.Fail(path, "both sides changed it, and it changed once more while the sync was at work; the next run takes it");
                return [];
            }
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            tally.Fail(path, e.Message);
            return [];
        }
        files.Remove(path);
        files[name] = mine with { Path = name, Identity = folder.Folder.TryStat(name)?.Identity };
        _kept.Add(name);
        return
        [
            new SyncAction(SyncSide.Library, SyncStepKind.Put, name) { New = mine.Content },
            new SyncAction(SyncSide.Folder, SyncStepKind.Put, path) { New = theirs },
        ];
    }
}
