using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Http;

/// <summary>
/// A library behind a server for reading, as its files lie now: one snapshot. The server lists files; the folders they lie
/// in follow from their paths, so an empty folder is not seen from here.
/// </summary>
internal sealed class HttpSnapshots(HttpLibrary library, DateTimeOffset now) : ISnapshots, ICopies, IKnowsPlace
{
    private const int FolderMode = 0x1ed; // 0755

    public string Name => library.Name;

    public string PlaceId => library.Id;

    public bool OnlyAdds => true;

    public IReadOnlyList<Snapshot> Snapshots { get; } = [LibrarySnapshot.At(now, "", "")];

    public IReadOnlyList<string> Warnings => [];

    public bool IsCheckedElsewhere => true;

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken)
    {
        EntryPath? last = null, folder = null;
        var isFirst = true;
        while (isFirst || last is not null)
        {
            (var page, last) = Wait(library.FilesAsync(under, last, cancellationToken));
            foreach (var file in page)
            {
                if (isFirst && under.IsRoot)
                    yield return Folder(EntryPath.Root, file);
                isFirst = false;
                foreach (var above in NewFolders(file.Path, folder, under))
                    yield return Folder(above, file);
                folder = file.Path.Parent;
                yield return new SnapshotEntry(file, LibrarySnapshot.Number);
            }
            isFirst = false;
        }
    }

    public IFileReader Open(SnapshotEntry entry) => library.OpenAt(entry.Entry);

    /// <summary>Names what is not as it was hashed. What is gone the server does not list; its next scan says so.</summary>
    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) =>
        from found in Entries(Snapshots[0], EntryPath.Root, cancellationToken)
        where found.Entry is { Type: EntryType.File, Content: null }
        select new CheckFinding(found.Entry.Path.ToString(), "it was changed since it was hashed", "The server's next scan ('POST /sync') hashes it again.");

    public IEnumerable<Copy> CopiesOf(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken) =>
        Wait(library.WhereAsync(contents, cancellationToken)).Select(held => new Copy(
            new SnapshotEntry(
                new Entry { Path = held.Path, Type = EntryType.File, Size = held.Stat.Size, Modified = held.Stat.Modified, Mode = 0x1a4, Content = held.Content },
                LibrarySnapshot.Number),
            Snapshots));

    public CopyState Look(Copy copy)
    {
        var (path, content) = (copy.Entry.Entry.Path, copy.Entry.Entry.Content!.Value);
        // The server looks at the file, and hashes it again where anything about it differs.
        var held = Wait(library.WhereAsync([content], CancellationToken.None)).FirstOrDefault();
        if (held is null)
            return new CopyState($"{Name}/{path}", null, "the server does not hold it any more");
        // Most were read back when they came; the server does it now where it was not that far yet.
        var problem = Wait(library.VerifyAsync([content], CancellationToken.None)).Count == 0 ? null : "the server cannot read it back from its disk";
        return new CopyState($"{Name}/{held.Path}", library.IsOfThisMachine ? held.Stat : held.Stat with { Device = ulong.MaxValue, Mount = 0 }, problem);
    }

    public string? GoesWith(IFolderReader folder) => Reading.GoesWith.Of(folder, library.Id, origin => Wait(library.MarkAsync(SyncMark.NameOf("replica", origin), CancellationToken.None)) is not null);

    public IFileReader OpenCopy(Copy copy) => library.OpenFresh(copy.Entry.Entry.Content!.Value, copy.Entry.Entry.Size);

    public void Dispose() => library.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The folders above a file that were not listed yet, from the top; files come in path order.</summary>
    private static IEnumerable<EntryPath> NewFolders(EntryPath file, EntryPath? before, EntryPath under)
    {
        var above = new Stack<EntryPath>();
        for (var folder = file.Parent; !folder.IsRoot && folder.IsAtOrUnder(under) && before?.IsAtOrUnder(folder) != true; folder = folder.Parent)
            above.Push(folder);
        return above;
    }

    private static SnapshotEntry Folder(EntryPath path, Entry file) => new(
        new Entry { Path = path, Type = EntryType.Folder, Mode = FolderMode, Modified = file.Modified, UserId = file.UserId, GroupId = file.GroupId, User = file.User, Group = file.Group },
        LibrarySnapshot.Number);

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
