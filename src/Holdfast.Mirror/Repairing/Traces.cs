using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Repairing;

/// <summary>Joins what older and later records and the folders say of every path, in path order.</summary>
/// <param name="place">The place.</param>
/// <param name="increments">All of it, oldest first.</param>
/// <param name="lost">The increments whose records cannot be read. Older ones than the one asked for must be mended.</param>
internal sealed class Traces(IFolderReader place, IReadOnlyList<Increment> increments, IReadOnlySet<long> lost)
{
    private const int OfRecords = 0, OfTrack = 1, OfDeleted = 2, OfMirror = 3, OfLater = 4;

    /// <summary>Every path that anything is known of.</summary>
    public IEnumerable<PathTrace> Of(Increment increment, CancellationToken cancellationToken)
    {
        var older = increments.Where(i => i.Number < increment.Number).ToList();
        var later = increments.Where(i => i.Number > increment.Number).ToList();
        List<IEnumerable<(EntryPath Path, object Said)>> all =
        [
            RecordMerge.Histories(place, older, cancellationToken).Select(h => (h.Path, (object)h)),
            Walk(increment.Folder.Child(MirrorLayout.Track.Bytes)),
            Walk(increment.Folder.Child(MirrorLayout.Deleted.Bytes)),
            Walk(MirrorLayout.Mirror, withRoot: true),
            .. later.SelectMany(i => lost.Contains(i.Number)
                ? new[] { Walk(i.Folder.Child(MirrorLayout.Track.Bytes)), Walk(i.Folder.Child(MirrorLayout.Deleted.Bytes)) }
                : [Lines(i)]),
        ];
        return Join(all, cancellationToken).Select(said => TraceOf(said.Path, said.By));
    }

    private static PathTrace TraceOf(EntryPath path, object?[] by)
    {
        var before = (by[OfRecords] as PathHistory)?.Current;
        // Folders of track/ and deleted/ are only the way to files, and say nothing of what a run did.
        var first = by.Skip(OfLater).FirstOrDefault(said => said is RecordLine or FileStat { Type: not EntryType.Folder });
        return new PathTrace(path, before?.Entry, before?.Version ?? 0, by[OfTrack] as FileStat?, by[OfDeleted] as FileStat?, first as RecordLine, first is FileStat, by[OfMirror] as FileStat?);
    }

    private IEnumerable<(EntryPath Path, object Said)> Walk(EntryPath path, bool withRoot = false)
    {
        if (place.TryStat(path) is not { Type: EntryType.Folder } root)
            yield break;
        if (withRoot)
            yield return (EntryPath.Root, root);
        using var folder = place.OpenFolder(path);
        foreach (var found in FolderTree.Walk(folder))
            yield return (found.Path, found.Stat);
    }

    private IEnumerable<(EntryPath Path, object Said)> Lines(Increment increment)
    {
        using var record = increment.OpenRecord(place);
        while (record.Next() is { } line)
            yield return (line.Path, line);
    }

    /// <summary>What each of several says of a path; null for those that do not name it. Each is in path order.</summary>
    private static IEnumerable<(EntryPath Path, object?[] By)> Join(IReadOnlyList<IEnumerable<(EntryPath Path, object Said)>> all, CancellationToken cancellationToken)
    {
        var readers = all.Select(a => a.GetEnumerator()).ToList();
        try
        {
            var queue = new PriorityQueue<int, EntryPath>();
            for (var i = 0; i < readers.Count; i++)
                Advance(i);
            while (queue.TryPeek(out _, out var path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var by = new object?[readers.Count];
                while (queue.TryPeek(out var reader, out var next) && next == path)
                {
                    queue.Dequeue();
                    by[reader] = readers[reader].Current.Said;
                    Advance(reader);
                }
                yield return (path, by);
            }

            void Advance(int reader)
            {
                if (readers[reader].MoveNext())
                    queue.Enqueue(reader, readers[reader].Current.Path);
            }
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }
}
