using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Whether a folder is the one that it was (promise 8).</summary>
internal static class SyncIdentity
{
    private static readonly EntryPath Bases = EntryPath.From("sync");

    /// <summary>A folder that was copied, its id included, is another one from then on.</summary>
    public static SyncedFolder Settle(SyncedFolder folder, IFolder state, string libraryId, Func<string, IFolder> open, TimeProvider time)
    {
        var before = new BaseStore(state, BaseStore.PathOf(folder.Id, libraryId)).FolderPath;
        return before is null || before == folder.Path || IdAt(before, open) != folder.Id ? folder : folder.AsCopy(time);
    }

    /// <summary>Stops when the folder is empty and was not: its disk is not mounted.</summary>
    /// <exception cref="HoldfastException">It is.</exception>
    public static void RequireMounted(SyncedFolder folder, IFolder state, ISyncedLibrary library, long files, SyncOptions options)
    {
        if (!folder.IsNew || files > 0 || options.AllowDeletions || state.TryStat(Bases) is null)
            return;
        using var bases = state.OpenFolder(Bases);
        var listing = bases.List();
        for (var i = 0; i < listing.Count; i++)
            if (listing[i].EndsWith(System.Text.Encoding.ASCII.GetBytes($"-{library.Id}")) && new BaseStore(state, Bases.Child(listing[i])) is { FolderPath: { } path, FileCount: > 0 and var known } && path == folder.Path)
                throw new HoldfastException(
                    ErrorKind.Failed,
                    $"stopped: '{folder.Path}' is empty, but held {known:N0} files after the last run. Is its disk mounted?",
                    "Nothing was changed. If it is to be filled from the library, run again with --allow-deletions.");
    }

    private static string? IdAt(string path, Func<string, IFolder> open)
    {
        try
        {
            using var folder = open(path);
            return SyncedFolder.IdOf(folder);
        }
        catch (FileSystemException)
        {
            return null;
        }
    }
}
