using System.Runtime.ExceptionServices;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>Work on many folders at once. Creating and removing names is the kernel's work, and it does that on every core.</summary>
internal static class ManyFolders
{
    // More than a small machine has cores: on a disk whose folders are not in memory each of them waits for it.
    private const int Workers = 4;

    /// <summary>Does something with each, on threads of its own; throws the first error as it was, also one of the enumeration, when all that had begun has ended.</summary>
    public static void Do<T>(IEnumerable<T> all, Action<T> act)
    {
        using var source = all.GetEnumerator();
        var work = new Work<T>(source, act);
        var threads = new List<Thread>();
        for (var i = 1; i < Workers; i++)
            threads.Add(new Thread(work.Run) { IsBackground = true });
        foreach (var thread in threads)
            thread.Start();
        work.Run();
        foreach (var thread in threads)
            thread.Join();
        work.Failure?.Throw();
    }

    /// <summary>Removes a folder with everything below it, as <see cref="FolderTree.Delete"/> does, the folders of the upper levels side by side.</summary>
    public static void Delete(IFolder place, EntryPath path)
    {
        const int depth = 3;
        var levels = new List<IReadOnlyCollection<EntryPath>> { new[] { path } };
        while (levels.Count <= depth && levels[^1].Count > 0)
            levels.Add(Below(place, levels[^1]));
        for (var level = levels.Count - 1; level >= 0; level--)
            Do(levels[level], folder => FolderTree.Delete(place, folder));
    }

    private static List<EntryPath> Below(IFolder place, IReadOnlyCollection<EntryPath> level)
    {
        var found = new List<EntryPath>();
        Do(level, path =>
        {
            if (place.TryStat(path) is not { Type: EntryType.Folder })
                return;
            using var folder = place.OpenFolder(path);
            var listing = folder.List();
            for (var i = 0; i < listing.Count; i++)
                if (folder.StatName(listing.NulTerminated(i)).Type == EntryType.Folder)
                    lock (found)
                        found.Add(path.Child(listing[i]));
        });
        return found;
    }

    private sealed class Work<T>(IEnumerator<T> source, Action<T> act)
    {
        private readonly Lock _next = new();
        private ExceptionDispatchInfo? _failure;

        public ExceptionDispatchInfo? Failure => _failure;

        public void Run()
        {
            try
            {
                while (_failure is null && TryNext(out var one))
                    act(one);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }

        private bool TryNext(out T one)
        {
            lock (_next)
            {
                var isThere = source.MoveNext();
                one = isThere ? source.Current : default!;
                return isThere;
            }
        }
    }
}
