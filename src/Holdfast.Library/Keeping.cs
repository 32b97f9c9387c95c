using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library;

/// <summary>
/// Gives a group of arrivals their names. Order of writing: staged bytes → barrier → (a line of what arrives, rename) →
/// lines of names.jsonl → barrier → index. A crash before the second barrier leaves files that are whole and that the next scan finds; nobody was
/// told yet that they are there.
/// </summary>
internal sealed class Keeping(IFolder place, IFolder incoming, LibraryIndex index, LibraryRecord record, Contents contents, Arriving arriving, TimeProvider time)
{
    private readonly List<IndexedFile> _files = [];
    private readonly List<NameLine> _lines = [];
    private readonly List<Arrival> _refreshed = [];
    private readonly Dictionary<ContentId, EntryPath> _placed = [];
    private readonly HashSet<string> _folded = new(StringComparer.Ordinal);
    private readonly FileStat _root = place.Stat(EntryPath.Root);

    public IReadOnlyList<Kept> Keep(IReadOnlyList<Arrival> group)
    {
        // Invariant: a file gets its final name only when its bytes are durable.
        if (group.Any(a => a.Staged is not null))
            place.Barrier();
        var now = time.GetUtcNow();
        var kept = new Kept[group.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            var arrival = group[i];
            kept[i] = Keep(arrival);
            (arrival.Staged as StagedFile)?.Drop();
            if (kept[i].Outcome is not (KeptOutcome.Stored or KeptOutcome.AlreadyThere or KeptOutcome.Noted))
                continue;
            if (arrival.IsRefresh)
                _refreshed.Add(arrival);
            else
                _lines.Add(new NameLine(now, arrival.Client, arrival.Job, arrival.Entry));
        }
        // Invariant: a date of verification is of the bytes that lie there now.
        record.Doubt(_placed.Keys, now);
        record.Write(_lines);
        // Invariant: what the index and the caller are told is durable.
        if (_lines.Count > 0)
            place.Barrier();
        index.Together(() =>
        {
            foreach (var file in _files)
                index.Put(file);
            foreach (var arrival in _refreshed)
                index.Put(arrival.Client, arrival.Job, arrival.Entry);
            record.Took(_lines);
        });
        arriving.Done();
        return kept;
    }

    private Kept Keep(Arrival arrival)
    {
        var entry = arrival.Entry;
        if (entry.Type != EntryType.File || arrival.IsRefresh)
            return new Kept(KeptOutcome.Noted, null);
        if (entry.Content is not { } content)
            return new Kept(KeptOutcome.Missing, null);
        // An empty file is nothing but its name, so each name is a file of its own.
        if (entry.Size > 0 && (_placed.TryGetValue(content, out var here) ? here : contents.Find(content)) is { } path)
            return new Kept(KeptOutcome.AlreadyThere, path);
        if (index.IsDeleted(content))
            return new Kept(KeptOutcome.DeletedForGood, null);
        if (arrival.Staged is not StagedFile { IsComplete: true, IsUsedUp: false } staged)
            return new Kept(KeptOutcome.Missing, null);
        return Place(arrival, content, staged);
    }

    private Kept Place(Arrival arrival, ContentId content, StagedFile staged)
    {
        var mapped = LibraryName.Map(arrival.Wanted ?? arrival.Entry.Path);
        var wanted = EntryPath.From(mapped.Name).Under(FolderFor(mapped.Parent));
        for (var number = 1; ; number++)
        {
            var path = number == 1 ? wanted : LibraryName.Numbered(wanted, number);
            if (arrival.Entry.Size == 0 && place.TryStat(path) is { Type: EntryType.File, Size: 0 })
                return new Kept(KeptOutcome.AlreadyThere, path);
            var before = incoming.Stat(staged.Name);
            if (TryName(staged, content, path))
            {
                staged.IsUsedUp = true;
                // Somebody may have moved or edited it already: then the next scan finds it by its inode, size and time, or hashes it.
                _files.Add(IndexedFile.Of(path, content, place.TryStat(path) is { } now && now.Size == before.Size && now.Modified == before.Modified ? now : before));
                _placed[content] = path;
                return new Kept(KeptOutcome.Stored, path);
            }
            if (arrival.RefuseConflict)
                return new Kept(KeptOutcome.Conflict, path);
        }
    }

    /// <summary>False when the name is taken: on the disk, or on a disk that takes 'a' and 'A' for the same.</summary>
    private bool TryName(StagedFile staged, ContentId content, EntryPath path)
    {
        var folded = LibraryName.Fold(path);
        if (_folded.Contains(folded) || index.HasFolded(folded) || place.TryStat(path) is not null)
            return false;
        try
        {
            FolderTree.Ensure(place, path.Parent, LibraryLayout.FolderMode);
            arriving.Note(content, path);
            incoming.Rename(staged.Name, place, path, replace: false);
        }
        catch (FileSystemException e) when (e.Error is Errno.Exists)
        {
            return false; // Somebody put it there just now.
        }
        _folded.Add(folded);
        return true;
    }

    /// <summary>
    /// The folder to put a file into. Where a file has the name of a folder the folder gets another; so it does where a symlink
    /// has it, which may lead out of the library, and where another disk is mounted, to which nothing gets by a rename.
    /// </summary>
    private EntryPath FolderFor(EntryPath folder)
    {
        if (folder.IsRoot)
            return folder;
        var wanted = EntryPath.From(folder.Name).Under(FolderFor(folder.Parent));
        for (var number = 1; ; number++)
        {
            var path = number == 1 ? wanted : LibraryName.Numbered(wanted, number);
            if (place.TryStat(path) is not { } there || (there.Type == EntryType.Folder && NestedMounts.IsSame(_root, there)))
                return path;
        }
    }
}
