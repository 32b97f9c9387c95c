using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.History;

/// <summary>Merges the records of increments, path by path. Memory grows with the number of increments, not of entries.</summary>
internal static class RecordMerge
{
    /// <summary>The history of every path that any of the increments names, in path order.</summary>
    public static IEnumerable<PathHistory> Histories(IFolderReader place, IReadOnlyList<Increment> increments, CancellationToken cancellationToken) =>
        Histories(place, increments, null, cancellationToken);

    /// <summary>The same of the paths that <paramref name="paths"/> accepts; lines of others are passed over unread.</summary>
    /// <exception cref="HoldfastException">A record is damaged, or one of the increments was forgotten meanwhile.</exception>
    public static IEnumerable<PathHistory> Histories(IFolderReader place, IReadOnlyList<Increment> increments, PathFilter? paths, CancellationToken cancellationToken)
    {
        var readers = new List<RecordReader>();
        try
        {
            var queue = new PriorityQueue<(int Reader, RecordLine Line), (EntryPath Path, long Newest)>(new PathThenNewest());
            OpenAll(place, increments, paths, readers);
            for (var i = 0; i < readers.Count; i++)
                Advance(i);

            while (queue.TryPeek(out var first, out _))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = first.Line.Path;
                var lines = new List<(long, RecordLine)>(1);
                while (queue.TryPeek(out var next, out _) && next.Line.Path == path)
                {
                    queue.Dequeue();
                    lines.Add((increments[next.Reader].Number, next.Line));
                    Advance(next.Reader);
                }
                yield return new PathHistory(path, lines);
            }

            void Advance(int reader)
            {
                if (readers[reader].Next() is { } line)
                    queue.Enqueue((reader, line), (line.Path, -increments[reader].Number));
            }
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    /// <summary>
    /// Readers hold no lock, so increments may be merged while they are opened. A merge is visible in the list before the first
    /// record changes: when all are listed after all are open, what is open belongs together.
    /// </summary>
    private static void OpenAll(IFolderReader place, IReadOnlyList<Increment> increments, PathFilter? paths, List<RecordReader> readers)
    {
        FileSystemException? missing = null;
        try
        {
            foreach (var increment in increments)
                readers.Add(increment.OpenRecord(place, paths));
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            missing = e;
        }
        var listed = Increment.List(place).Select(i => i.Id).ToHashSet(StringComparer.Ordinal);
        if (increments.FirstOrDefault(i => !listed.Contains(i.Id)) is { } gone)
            throw new HoldfastException(ErrorKind.Failed, $"the snapshot {gone.Id} was forgotten while the place '{place.Display}' was read.", "Try again.", missing);
        if (missing is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(missing);
    }

    /// <summary>What the newest of the increments lists, in path order.</summary>
    /// <param name="place">The place.</param>
    /// <param name="increments">From the oldest to the snapshot that is meant.</param>
    /// <param name="isNewest">False for an older snapshot, which lists tracked paths only.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IEnumerable<SnapshotEntry> State(IFolderReader place, IReadOnlyList<Increment> increments, bool isNewest, CancellationToken cancellationToken)
    {
        foreach (var history in Histories(place, increments, cancellationToken))
            if (history.Current is { } current && (isNewest || current.Entry.Tracked))
                yield return current;
    }

    private sealed class PathThenNewest : IComparer<(EntryPath Path, long Newest)>
    {
        public int Compare((EntryPath Path, long Newest) x, (EntryPath Path, long Newest) y)
        {
            var path = x.Path.CompareTo(y.Path);
            return path != 0 ? path : x.Newest.CompareTo(y.Newest);
        }
    }
}
