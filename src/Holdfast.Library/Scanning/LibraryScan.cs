using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library.Scanning;

/// <summary>
/// Works out what people did to the files. Reads only what size, mtime, ctime and inode do not explain. Every step of it may
/// be the last: what is in the index by then is right, and the next scan finds the rest.
/// </summary>
internal sealed class LibraryScan(IFolder place, LibraryIndex index, LibraryRecord record, Contents contents, TimeProvider time, ScanOptions options)
{
    private const int AlwaysAllowed = 100;

    // A file that is written to has the time of now. One from the future was written before somebody set a clock back, and would not be
    // looked at until then; the clocks of file servers are a little off.
    private static readonly TimeSpan ClocksDifferBy = TimeSpan.FromDays(1);

    private readonly bool _stable = place.Traits.StableIdentity;
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _known = index.FileCount;
    private readonly HashSet<EntryPath> _leftByRename = [];
    private readonly List<(EntryPath Path, string Reason)> _unreadable = [];
    private readonly HashSet<ContentId> _came = [], _back = [];
    private readonly UnknownFiles _unknown = new(index, options);
    private long _files, _bytes, _new, _changed, _renamed, _removed, _duplicates, _busy, _deleted, _bytesHashed;
    private TimeSpan _hashing;

    // Files come in path order, so most lie where the one before does.
    private (EntryPath Path, bool IsThere) _lastFolder = (EntryPath.Root, true);

    public ScanReport Run(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            Walk(place, EntryPath.Root, place.Stat(EntryPath.Root), 0, cancellationToken);
            var gone = Gone(cancellationToken);
            if (gone.Count > 0 && index.Remembers)
            {
                // Invariant: what was moved while the scan was on is not taken for deleted. It lies where the scan had been before.
                (_files, _bytes, _busy) = (0, 0, 0);
                Walk(place, EntryPath.Root, place.Stat(EntryPath.Root), 0, cancellationToken);
                gone = Gone(cancellationToken);
            }
            Brake(_known, gone.Count);
            TakeOut(gone);
        }
        finally
        {
            // Invariant: a date of verification is of the bytes that lie there now.
            record.Verified([.. _came.Select(c => new VerifiedLine(_began, c, IsNew: true))]);
            // Invariant: no content is deleted for good that a file of the library has.
            record.Decide([.. _back.Select(c => new DecisionLine(_began, Decision.Undeleted, c))]);
        }
        return new ScanReport
        {
            Files = _files,
            Bytes = _bytes,
            New = _new,
            Changed = _changed,
            Renamed = _renamed,
            Removed = _removed,
            Duplicates = _duplicates,
            Busy = _busy,
            DeletedForGood = _deleted,
            Unreadable = [.. _unreadable, .. _unknown.Named],
            BytesHashed = _bytesHashed,
            Duration = time.GetElapsedTime(started),
            HashDuration = _hashing,
        };
    }

    /// <param name="folder">The folder.</param>
    /// <param name="at">Its path.</param>
    /// <param name="is">What it is.</param>
    /// <param name="mount">How many parts of its path lead to the mount point that it is or lies below.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private void Walk(IFolderReader folder, EntryPath at, FileStat @is, int mount, CancellationToken cancellationToken)
    {
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = at.Child(listing[i]);
            if (LibraryLayout.IsOurs(path))
                continue;
            try
            {
                var stat = folder.StatName(listing.NulTerminated(i));
                if (stat.Type == EntryType.Folder)
                {
                    using var below = folder.OpenFolder(EntryPath.From(listing[i]));
                    Walk(below, path, stat, NestedMounts.IsSame(@is, stat) ? mount : path.Depth, cancellationToken);
                }
                else if (stat.Type == EntryType.File)
                {
                    Look(path, stat, mount);
                }
            }
            catch (FileSystemException e) when (e.IsNotFound)
            {
                // Moved or removed while the scan is on: what it was is decided at the end.
            }
            catch (FileSystemException e)
            {
                _unreadable.Add((path, e.Message));
            }
        }
    }

    private void Look(EntryPath path, FileStat stat, int mount)
    {
        _files++;
        _bytes += stat.Size;
        options.OnProgress?.Invoke(_files, _bytesHashed);
        var before = index.FileAt(path);
        if (before?.IsUntouched(stat, _stable) == true)
        {
            // A bind mount, or an index that was made before it knew of mounts.
            if (before.Mount != mount)
                index.Put(before);
            return;
        }
        if (before is null && SameFileElsewhere(stat) is { } origin)
        {
            Explain(path, stat, origin);
            return;
        }
        if (!HasRested(stat))
        {
            Found(ScanFindingKind.Busy, path);
            Wait(stat);
            return;
        }
        if (Hash(path, stat) is { } now)
            Settle(now, before);
        else
            Wait(stat);
    }

    private void Wait(in FileStat stat)
    {
        _busy++;
        _unknown.NotRead(stat.Size);
    }

    /// <summary>A file that is known under another path: moved, or given a second name. Its bytes need not be read.</summary>
    private IndexedFile? SameFileElsewhere(FileStat stat)
    {
        if (!_stable)
            return null;
        foreach (var file in index.FilesWithInode(stat.Inode))
        {
            if (!file.IsSameFile(stat))
                continue;
            var there = place.TryStat(file.Path);
            // A second name changes the ctime of both, so what was hashed must be untouched but for that.
            if (there is null ? !_leftByRename.Contains(file.Path) : there.Value.Inode == stat.Inode)
                return file;
        }
        return null;
    }

    private void Explain(EntryPath path, in FileStat stat, IndexedFile origin)
    {
        if (place.TryStat(origin.Path) is { } there && there.Inode == stat.Inode)
        {
            index.Put(IndexedFile.Of(path, origin.Content, stat));
            _duplicates++;
            Found(ScanFindingKind.Duplicate, path, origin.Path);
            return;
        }
        var now = IndexedFile.Of(path, origin.Content, stat);
        index.Together(() =>
        {
            index.Remove(origin.Path);
            index.Put(now);
        });
        _renamed++;
        _leftByRename.Add(origin.Path);
        Found(ScanFindingKind.Renamed, path, origin.Path);
    }

    /// <summary>The bytes were read: what they mean depends on what was known.</summary>
    private void Settle(IndexedFile now, IndexedFile? before)
    {
        if (before is not null)
        {
            Leaves(before);
            if (before.Content != now.Content)
                CameAnew(now.Content);
            else if (!_stable || before.Inode != now.Inode)
                Doubt(now.Content); // Another file with the same bytes.
            index.Put(now);
            if (before.Content == now.Content)
                return;
            _changed++;
            Found(ScanFindingKind.Changed, now.Path);
            return;
        }
        var others = index.FilesOf(now.Content);
        CameAnew(now.Content);
        index.Put(now);
        if (others.FirstOrDefault(o => place.TryStat(o.Path) is null && !_leftByRename.Contains(o.Path) && !_unknown.Holds(o)) is { } moved && now.Size > 0)
        {
            Doubt(now.Content); // A copy, and what was copied is gone.
            index.Remove(moved.Path);
            _leftByRename.Add(moved.Path);
            _renamed++;
            Found(ScanFindingKind.Renamed, now.Path, moved.Path);
            return;
        }
        _new++;
        if (now.Size > 0 && others.Count > 0)
        {
            _duplicates++;
            Found(ScanFindingKind.Duplicate, now.Path, others[0].Path);
            return;
        }
        Found(ScanFindingKind.New, now.Path);
    }

    /// <summary>Bytes that people brought were not read back, whatever is known of those that the library had once. To a new index all are new.</summary>
    private void CameAnew(ContentId content)
    {
        if (index.IsDeleted(content))
            _back.Add(content);
        if (index.FilesOf(content).Count == 0)
            Doubt(content);
    }

    /// <summary>A file goes, and nobody knows whether it was the one that was read back.</summary>
    private void Leaves(IndexedFile file)
    {
        if (index.HasOtherFile(file, _stable))
            Doubt(file.Content);
    }

    private void Doubt(ContentId content)
    {
        if (_known == 0 || index.VerifiedAt(content) is null)
            return;
        _came.Add(content);
        index.Put(new VerifiedLine(_began, content, IsNew: true)); // The line follows: a barrier for each would take its time.
    }

    private IndexedFile? Hash(EntryPath path, FileStat stat)
    {
        var started = time.GetTimestamp();
        var file = contents.Hash(path, stat);
        _hashing += time.GetElapsedTime(started);
        _bytesHashed += file?.Size ?? 0;
        return file;
    }

    /// <summary>A copy in the making is written to all the time; ctime cannot be set back as mtime can.</summary>
    private bool HasRested(in FileStat stat) =>
        stat.Changed.ToDateTimeOffset() is var changed && (changed <= _began - options.Rest || options.Rest == TimeSpan.Zero || changed > time.GetUtcNow() + ClocksDifferBy);

    /// <summary>Files of the index that are not on the disk. What could not be read is not gone, nor is what lies on a disk that is not mounted.</summary>
    private List<IndexedFile> Gone(CancellationToken cancellationToken)
    {
        _unknown.Clear();
        var gone = new List<IndexedFile>();
        EntryPath? last = null;
        while (index.FilesAfter(last) is { Count: > 0 } page)
        {
            foreach (var file in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = file.Path;
                if (!_unreadable.Exists(u => file.Path.IsAtOrUnder(u.Path)) && !IsThere(file.Path) && !_unknown.Take(file))
                    gone.Add(file);
            }
        }
        return gone;
    }

    /// <summary>Whether a file lies in the library itself: what lies behind a symlink to a folder is no part of it.</summary>
    private bool IsThere(EntryPath path)
    {
        if (path.Parent is var folder && folder != _lastFolder.Path)
            _lastFolder = (folder, IsFolder(folder));
        return _lastFolder.IsThere && place.TryStat(path) is { Type: EntryType.File };
    }

    private bool IsFolder(EntryPath path) => path.IsRoot || (place.TryStat(path) is { Type: EntryType.Folder } && IsFolder(path.Parent));

    private void Brake(long known, long gone)
    {
        var wayOn = $"Nothing was taken out. If this is meant: holdfast library scan '{place.Display}' --allow-deletions";
        if (options.AllowDeletions || options.IsReplica || gone == 0)
            return;
        if (_files == 0)
            throw new HoldfastException(ErrorKind.Failed, $"stopped: '{place.Display}' holds no file, but {known:N0} were there. Is its disk mounted?", wayOn);
        if (gone >= AlwaysAllowed && gone > known * options.MaxDelete)
            throw new HoldfastException(ErrorKind.Failed, $"stopped: {gone:N0} of {known:N0} files are gone from '{place.Display}', which is more than {options.MaxDelete:P0} (max_delete).", wayOn);
    }

    private void TakeOut(List<IndexedFile> gone)
    {
        var paths = gone.Select(g => g.Path).ToHashSet();
        var decisions = new Dictionary<ContentId, DecisionLine>();
        foreach (var file in gone)
        {
            var left = index.FilesOf(file.Content).FirstOrDefault(f => !paths.Contains(f.Path));
            _removed++;
            Found(ScanFindingKind.Removed, file.Path, left?.Path);
            if (left is null && file.Size > 0 && index.Remembers && !index.IsDeleted(file.Content))
                decisions[file.Content] = new DecisionLine(_began, Decision.Deleted, file.Content, file.Path);
        }
        _deleted = decisions.Count;
        // Invariant: the decision is durable before the index forgets what led to it.
        record.Decide([.. decisions.Values]);
        foreach (var page in gone.Chunk(2000))
            index.Together(() =>
            {
                foreach (var file in page)
                {
                    Leaves(file);
                    index.Remove(file.Path);
                }
            });
    }

    private void Found(ScanFindingKind kind, EntryPath path, EntryPath? other = null) => options.OnFound?.Invoke(new ScanFinding(kind, path, other));
}
