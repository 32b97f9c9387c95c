using System.Runtime.ExceptionServices;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Engine;
using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library;

/// <summary>
/// Where contents lie, looked at now: the index only says where to look. What is said to be here is durable: people copy files
/// into a library without waiting for the disk, and who hears that it has them may empty a phone.
/// </summary>
internal sealed class Contents(IFolder place, LibraryIndex index)
{
    private readonly bool _stable = place.Traits.StableIdentity;
    private readonly Lock _settling = new();

    // How many files were hashed, and how many of them before the last barrier. What others hashed before this process counts for one.
    private long _hashed = 1, _settled;

    /// <summary>A path that holds the content now, or null. A file that was touched since it was hashed is hashed again.</summary>
    public EntryPath? Find(ContentId content)
    {
        foreach (var file in index.FilesOf(content))
            if (Holds(file))
                return file.Path;
        return null;
    }

    /// <summary>The same for many at once, in their order: the index is asked in pages, and several threads look at the files.</summary>
    public EntryPath?[] Find(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken)
    {
        if (contents.Count == 1)
            return [Find(contents[0])];
        var known = index.FilesOf(contents);
        var found = new EntryPath?[contents.Count];
        try
        {
            Parallel.For(
                0,
                found.Length,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
                i => found[i] = known.TryGetValue(contents[i], out var files) ? files.Find(Holds)?.Path : null);
            return found;
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>True when the content lies at a path now.</summary>
    public bool IsAt(ContentId content, EntryPath path) => index.FileAt(path) is { } file && file.Content == content && Holds(file);

    /// <summary>True when another file has the content, or may have it: it lies on a file system that is not mounted now.</summary>
    public bool HasOther(ContentId content, EntryPath path) =>
        index.FilesOf(content).Any(f => f.Path != path && (place.TryStat(f.Path) is { Type: EntryType.File } || index.MountAbove(f.Path) != f.Mount));

    /// <summary>Opens the content; null when nothing holds it now.</summary>
    public IFileReader? Open(ContentId content)
    {
        foreach (var file in index.FilesOf(content))
        {
            if (!Holds(file))
                continue;
            try
            {
                return place.OpenFile(file.Path);
            }
            catch (FileSystemException e) when (e.IsNotFound)
            {
                // It was moved between the two calls; it may lie elsewhere too.
            }
        }
        return null;
    }

    /// <summary>Hashes a file; null when it went away or was changed meanwhile.</summary>
    public IndexedFile? Hash(EntryPath path, FileStat before)
    {
        try
        {
            using var file = place.OpenFile(path);
            using var reading = new ContentReading(_ => { });
            var opened = file.Stat();
            if (opened.Inode != before.Inode)
                return null;
            var content = reading.ReadAsync(file, opened.Size, opened.IsSparse, take: null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var after = file.Stat();
            Interlocked.Increment(ref _hashed);
            return after.SameContentsAs(opened) && place.TryStat(path) is { } now && now.SameContentsAs(after) ? IndexedFile.Of(path, content, after) : null;
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The same, and null when the disk cannot give it back: then it does not hold it.</summary>
    public IndexedFile? TryHash(EntryPath path, FileStat stat)
    {
        try
        {
            return Hash(path, stat);
        }
        catch (FileSystemException e) when (e.Error == Errno.InputOutput)
        {
            return null;
        }
    }

    private bool Holds(IndexedFile file)
    {
        if (place.TryStat(file.Path) is not { Type: EntryType.File } stat)
            return false;
        if (!file.IsUntouched(stat, _stable) || index.IsDamaged(file.Path))
        {
            if (stat.Size != file.Size || TryHash(file.Path, stat) is not { } now || now.Content != file.Content)
                return false;
            Remember(file, now);
        }
        Settle();
        return true;
    }

    /// <summary>Makes durable what was hashed, for it may still be on its way to the disk.</summary>
    private void Settle()
    {
        if (Interlocked.Read(ref _settled) == Interlocked.Read(ref _hashed))
            return;
        lock (_settling)
        {
            var hashed = Interlocked.Read(ref _hashed);
            if (_settled == hashed)
                return;
            place.Barrier();
            Interlocked.Exchange(ref _settled, hashed);
        }
    }

    /// <summary>An index that cannot be written (a reader's) is asked again next time.</summary>
    private void Remember(IndexedFile before, IndexedFile now)
    {
        // Another file with the same bytes was not read back: the scan takes note of it, and of that.
        if (_stable ? now.Inode != before.Inode : now.Modified != before.Modified)
            return;
        try
        {
            index.Put(now);
        }
        catch (Exception e) when (e is FileSystemException or Microsoft.Data.Sqlite.SqliteException)
        {
            // Read-only, or full.
        }
    }
}
