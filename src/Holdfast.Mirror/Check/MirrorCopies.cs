using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Verifying;

namespace Holdfast.Mirror.Check;

/// <summary>
/// Which files of increments hold a content. What lies in <c>mirror/</c> alone does not count: it goes with its source. The
/// second name in <c>track/</c> stays, as long as the snapshots that need it do. Without hard links there is no second name: a run
/// that sees the source gone still has to move the file, so it counts only when that is done.
/// </summary>
internal sealed class MirrorCopies(IFolder place, FileSystemTraits traits, IReadOnlyList<Increment> increments, IReadOnlyList<Snapshot> snapshots)
{
    private readonly Lazy<VerifiedDates> _verified = new(() => VerifiedDates.Read(place, increments));

    /// <param name="Entry">As the newest snapshot that lists it has it.</param>
    /// <param name="Snapshots">Those that hold it.</param>
    /// <param name="Brought">Its time when it was copied: a clone keeps that, a hard link has the newest.</param>
    private sealed record MirrorCopy(SnapshotEntry Entry, IReadOnlyList<Snapshot> Snapshots, Timestamp Brought) : Copy(Entry, Snapshots);

    public IEnumerable<Copy> Of(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken)
    {
        foreach (var history in RecordMerge.Histories(place, increments, cancellationToken))
            for (var i = 0; i < history.Newest.Count; i = NextContents(history, i))
                if (history.At(i) is { Entry: { Type: EntryType.File, Content: { } content } } && contents.Contains(content))
                    yield return CopyAt(history, i);
    }

    public CopyState Look(Copy copy)
    {
        var (path, entry) = (PathOf(copy), copy.Entry.Entry);
        var where = $"{place.Display}/{path}";
        try
        {
            if (place.TryStat(path) is not { } stat)
                return new CopyState(where, null, "it is missing from the place");
            if (stat.Type != EntryType.File || stat.Size != entry.Size)
                return new CopyState(where, stat, stat.Type == EntryType.File ? $"it has {stat.Size:N0} bytes there, not {entry.Size:N0}" : "it is no file there");
            return new CopyState(where, stat, HasItsTime(copy, stat) || IsRight(path, entry) ? null : "its contents there are others")
            {
                Propagates = !traits.HardLinks && path.IsUnder(MirrorLayout.Mirror) ? "it lies in mirror/ alone, as the disk has no hard links, and moves into the history only after its source is gone" : null,
            };
        }
        catch (FileSystemException e)
        {
            return new CopyState(where, null, e.Message);
        }
    }

    public IFileReader Open(Copy copy)
    {
        var file = place.OpenFile(PathOf(copy));
        file.Advise(ReadAdvice.Forget);
        return file;
    }

    /// <summary>The line that follows those of one content.</summary>
    private static int NextContents(PathHistory history, int index)
    {
        while (index < history.Newest.Count && history.Newest[index].Line is { BringsContent: false, Kind: not ChangeKind.Deleted })
            index++;
        return index + 1;
    }

    private MirrorCopy CopyAt(PathHistory history, int newest)
    {
        var held = new List<Snapshot>();
        SnapshotEntry? entry = null;
        for (var i = newest; i < NextContents(history, newest) && i < history.Newest.Count; i++)
        {
            if (history.At(i) is not { Entry.Tracked: true } version)
                continue;
            entry ??= version;
            var (from, until) = (history.Newest[i].Number, i == 0 ? long.MaxValue : history.Newest[i - 1].Number);
            held.AddRange(snapshots.Where(s => s.Number >= from && s.Number < until));
        }
        var (number, line) = history.BroughtBy(newest);
        return new MirrorCopy(entry ?? history.At(newest)!, [.. held.OrderBy(s => s.Number)], line.Entry.Modified) { Verified = _verified.Value.Of(number, history.Path) };
    }

    /// <summary>Without hard links the newest contents lie in mirror/ alone, and move into the increment when their source goes.</summary>
    private EntryPath PathOf(Copy copy)
    {
        var current = copy.Entry.Entry.Path.Under(MirrorLayout.Mirror);
        if (copy.Snapshots.Count == 0)
            return current;
        var held = increments.First(i => i.Number >= copy.Entry.Version).TrackPath(place, copy.Entry.Entry.Path);
        return traits.HardLinks || place.TryStat(held) is not null ? held : current;
    }

    private bool HasItsTime(Copy copy, in FileStat stat)
    {
        if (!traits.HardLinks)
            return false; // Another version may lie under the same path with the same time.
        var resolution = traits.TimeResolution;
        return stat.Modified.EqualsWithin(copy.Entry.Entry.Modified, resolution) || (copy is MirrorCopy own && stat.Modified.EqualsWithin(own.Brought, resolution));
    }

    /// <summary>Another name of the same inode may have been given another time since: then the contents decide.</summary>
    private bool IsRight(EntryPath path, Entry entry)
    {
        using var file = place.OpenFile(path);
        return entry.Content == new ContentId(SHA256.HashData(new FileReadStream(file)));
    }
}
