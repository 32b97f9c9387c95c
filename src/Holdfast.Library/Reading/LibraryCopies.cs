using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;

namespace Holdfast.Library.Reading;

/// <summary>
/// Which files of a library hold a content. All of them stay when a client's file goes: a library in upload mode removes
/// nothing. The index only says where to look; what it does not know, or no longer has right, does not count.
/// </summary>
internal sealed class LibraryCopies(IFolder place, LibraryIndex index, IReadOnlyList<Snapshot> snapshots)
{
    private readonly Contents _contents = new(place, index);
    private readonly EntriesNow _now = new(place, index);

    public IEnumerable<Copy> Of(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken)
    {
        foreach (var content in contents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var file in index.FilesOf(content))
                if (place.TryStat(file.Path) is { Type: EntryType.File } stat)
                    yield return new Copy(new SnapshotEntry(_now.Of(file.Path, stat) with { Content = content, Size = file.Size }, LibrarySnapshot.Number), snapshots);
        }
    }

    public CopyState Look(Copy copy)
    {
        var entry = copy.Entry.Entry;
        var where = $"{place.Display}/{entry.Path}";
        try
        {
            if (place.TryStat(entry.Path) is not { } stat)
                return new CopyState(where, null, "it is missing from the place");
            if (stat.Type != EntryType.File || stat.Size != entry.Size)
                return new CopyState(where, stat, stat.Type == EntryType.File ? $"it has {stat.Size:N0} bytes there, not {entry.Size:N0}" : "it is no file there");
            return new CopyState(where, stat, _contents.IsAt(entry.Content!.Value, entry.Path) ? null : "its contents there are others");
        }
        catch (FileSystemException e)
        {
            return new CopyState(where, null, e.Message);
        }
    }

    public IFileReader Open(Copy copy)
    {
        var file = place.OpenFile(copy.Entry.Entry.Path);
        file.Advise(ReadAdvice.Forget);
        return file;
    }
}
