using System.Runtime.ExceptionServices;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>Work on many folders at once. Creating and removing names is the kernel's work, and it does that on every core.</summary>
internal static class ManyFolders
{
    private static readonly ParallelOptions Workers = new() { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };

    /// <summary>Does something with each; throws the first error as it was, when all that had begun has ended.</summary>
    public static void Do<T>(IEnumerable<T> all, Action<T> act)
    {
        ExceptionDispatchInfo? failure = null;
        Parallel.ForEach(all, Workers, (one, state) =>
        {
            try
            {
                act(one);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                state.Stop();
            }
        });
        failure?.Throw();
    }

    /// <summary>Removes a folder with everything below it, as <see cref="FolderTree.Delete"/> does, the folders of the upper levels side by side.</summary>
    public static void Delete(IFolder place, EntryPath path, int depth = 3)
    {
        if (depth > 0 && place.TryStat(path) is { Type: EntryType.Folder })
        {
            var below = new List<EntryPath>();
            using (var folder = place.OpenFolder(path))
            {
                var listing = folder.List();
                for (var i = 0; i < listing.Count; i++)
                    if (folder.StatName(listing.NulTerminated(i)).Type == EntryType.Folder)
                        below.Add(path.Child(listing[i]));
            }
            Do(below, child => Delete(place, child, depth - 1));
        }
        FolderTree.Delete(place, path);
    }
}
