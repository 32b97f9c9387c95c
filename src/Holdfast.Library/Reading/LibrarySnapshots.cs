using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Syncing;
using Microsoft.Data.Sqlite;

namespace Holdfast.Library.Reading;

/// <summary>A library for reading, as its files lie now: one snapshot. Needs no lock.</summary>
internal sealed class LibrarySnapshots(string name, IFolder place, PlaceMarker marker, LibraryIndex index, TimeProvider time) : ISnapshots, ICopies, IKnowsPlace, IVerified
{
    private readonly bool _stable = place.Traits.StableIdentity;
    private readonly EntriesNow _now = new(place, index);

    public string Name => name;

    public IReadOnlyList<Snapshot> Snapshots { get; } = [LibrarySnapshot.At(time.GetUtcNow(), marker.Client, marker.Job)];

    public IReadOnlyList<string> Warnings => [];

    public string PlaceId => marker.Id;

    public bool OnlyAdds => true;

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken)
    {
        if (LibraryLayout.IsOurs(under) || (under.IsRoot ? place.Stat(EntryPath.Root) : place.TryStat(under)) is not { } stat)
            yield break;
        yield return EntryOf(under, stat);
        if (stat.Type != EntryType.Folder)
            yield break;
        using var folder = place.OpenFolder(under);
        foreach (var (path, found) in FolderTree.Walk(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.Under(under) is var full && !LibraryLayout.IsOurs(full))
                yield return EntryOf(full, found);
        }
    }

    public IFileReader Open(SnapshotEntry entry) => place.OpenFile(entry.Entry.Path);

    /// <summary>Names what is not as it was hashed: a scan takes note of it.</summary>
    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken)
    {
        EntryPath? last = null;
        while (index.FilesAfter(last) is { Count: > 0 } page)
            foreach (var file in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = file.Path;
                if (place.TryStat(file.Path) is not { } stat)
                    yield return new CheckFinding(file.Path.ToString(), "it was moved or removed since the last scan", $"'holdfast library scan {name}' takes note of it.");
                else if (!file.IsUntouched(stat, _stable))
                    yield return new CheckFinding(file.Path.ToString(), "it was changed since it was hashed", $"'holdfast library scan {name}' hashes it again.");
            }
    }

    public IEnumerable<Copy> CopiesOf(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken) => Copies.Of(contents, cancellationToken);

    public CopyState Look(Copy copy) => Copies.Look(copy);

    public string? GoesWith(IFolderReader folder) => Reading.GoesWith.Of(
        folder,
        marker.Id,
        origin => (marker.Job == "replica" && marker.Sources.Contains($"library {origin}")) || SyncMark.Read(place, SyncMark.NameOf("replica", origin)) is not null);

    public IFileReader OpenCopy(Copy copy) => Copies.Open(copy);

    public VerificationState Verification(CancellationToken cancellationToken)
    {
        try
        {
            return index.Verification();
        }
        catch (Exception e) when (e is SqliteException or FileSystemException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the index of {name} does not know what was read back: {e.Message}", $"'holdfast library scan {name}' brings it up to date.", e);
        }
    }

    public void Dispose()
    {
        index.Dispose();
        place.Dispose();
    }

    private LibraryCopies Copies => new(place, index, Snapshots);

    private SnapshotEntry EntryOf(EntryPath path, FileStat stat) => new(_now.Of(path, stat), LibrarySnapshot.Number);
}
