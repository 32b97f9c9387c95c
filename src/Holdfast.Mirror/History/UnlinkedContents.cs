using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.History;

/// <summary>
/// Finds contents where there are no hard links: in the increment that brought them once something else has taken their
/// place, else in mirror/. A file there may have got another time since, and another version may lie under the same path, so
/// where the time differs the hash decides.
/// </summary>
internal static class UnlinkedContents
{
    /// <summary>The open file; null when the place does not hold the contents.</summary>
    public static IFileReader? TryOpen(IFolderReader place, FileSystemTraits traits, IReadOnlyList<Increment> increments, SnapshotEntry wanted) =>
        Candidates(increments, wanted).Select(path => TryOpen(place, traits, path, wanted.Entry)).FirstOrDefault(file => file is not null);

    private static IEnumerable<EntryPath> Candidates(IReadOnlyList<Increment> increments, SnapshotEntry wanted)
    {
        var path = wanted.Entry.Path;
        if (wanted.Entry.Tracked && increments.FirstOrDefault(i => i.Number >= wanted.Version) is { } increment)
            foreach (var held in increment.TrackPaths(path))
                yield return held;
        if (increments.Count > 0)
            yield return path.Under(MirrorLayout.UndoOf(increments[^1].Number));
        yield return path.Under(MirrorLayout.Mirror);
    }

    private static IFileReader? TryOpen(IFolderReader place, FileSystemTraits traits, EntryPath path, Entry entry)
    {
        if (place.TryStat(path) is not { Type: EntryType.File } stat || stat.Size != entry.Size)
            return null;
        try
        {
            if (!traits.MayBeSameTime(stat.Modified, entry.Modified) && HashOf(place, path) != entry.Content)
                return null;
            return place.OpenFile(path);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return null; // It may have moved between the two calls.
        }
    }

    private static ContentId HashOf(IFolderReader place, EntryPath path)
    {
        using var file = place.OpenFile(path);
        return new ContentId(SHA256.HashData(new FileReadStream(file)));
    }
}
