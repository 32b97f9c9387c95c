using System.Security.Cryptography;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Scanning;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Replicating;

/// <summary>
/// Makes one library an exact copy of another: files under the same paths with the same contents, the names, and what was
/// decided. Order of writing, a group at a time: bytes → barrier → renames → barrier → index; removals come after the last
/// group, the record after them. Cut off anywhere, the copy holds whole files, and the next run does the rest.
/// </summary>
/// <param name="source">The library; is only read.</param>
/// <param name="replica">Its copy.</param>
/// <param name="time">The clock.</param>
public sealed class LibraryReplica(LibraryFolder source, LibraryFolder replica, TimeProvider time)
{
    private const int MostFiles = 1000;
    private const long MostBytes = 256L << 20;

    private readonly List<(EntryPath Path, string Reason)> _failures = [];
    private readonly List<(IndexedFile File, StagedFile Staged)> _group = [];
    private readonly HashSet<EntryPath> _leaving = [];
    private long _bytesCopied, _groupBytes, _staying;

    /// <summary>Does it.</summary>
    /// <exception cref="HoldfastException">The deletion brake, or the record cannot be copied.</exception>
    public async Task<ReplicaReport> RunAsync(ReplicaOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        // What is unknown in one of them stays as it is in both.
        _failures.AddRange(source.Scan(new ScanOptions { Rest = options.Rest, MaxDelete = options.MaxDelete, AllowDeletions = options.AllowDeletions }, cancellationToken).Unreadable);
        _failures.AddRange(replica.Scan(new ScanOptions { Rest = TimeSpan.Zero, IsReplica = true, AllowDeletions = options.AllowDeletions }, cancellationToken).Unreadable);
        var plan = ReplicaPlan.Of(source.Index, replica.Index, cancellationToken);
        plan.Brake(source.Name, replica.Name, source.FileCount, replica.FileCount, options);
        if (!options.DryRun)
            await DoAsync(plan, cancellationToken);
        var failed = _failures.Select(f => f.Path).ToHashSet();
        return new ReplicaReport
        {
            Files = source.FileCount,
            Added = plan.Copy.Count(c => !plan.Replaced.Contains(c.Path) && !failed.Contains(c.Path)),
            Replaced = plan.Replaced.Count(p => !failed.Contains(p)),
            Removed = plan.Remove.Count - _staying,
            BytesCopied = options.DryRun ? plan.Copy.Sum(c => c.Size) : _bytesCopied,
            Failures = _failures,
            Duration = time.GetElapsedTime(started),
        };
    }

    private async Task DoAsync(ReplicaPlan plan, CancellationToken cancellationToken)
    {
        _leaving.UnionWith(plan.Remove.Select(r => r.Path));
        try
        {
            using var reading = new ContentReading(bytes => _bytesCopied += bytes);
            foreach (var file in plan.Copy)
            {
                await StageAsync(file, reading, cancellationToken);
                if (_group.Count >= MostFiles || _groupBytes >= MostBytes)
                    Place();
            }
            Place();
            // Invariant: what could not be copied to its new path stays under its old one.
            var failed = _failures.Select(f => f.Path).ToHashSet();
            var lacking = plan.Copy.Where(c => failed.Contains(c.Path)).Select(c => c.Content).ToHashSet();
            _staying = plan.Remove.Count(r => lacking.Contains(r.Content));
            foreach (var file in plan.Remove.Where(r => !lacking.Contains(r.Content)))
                Remove(file.Path);
            replica.Folder.Barrier();
            CopyRecord();
        }
        finally
        {
            foreach (var (_, staged) in _group)
                await staged.DisposeAsync();
        }
    }

    private async Task StageAsync(IndexedFile file, ContentReading reading, CancellationToken cancellationToken)
    {
        try
        {
            using var from = source.Folder.OpenFile(file.Path);
            var stat = from.Stat();
            var entry = new Entry { Path = file.Path, Type = EntryType.File, Size = stat.Size, Modified = stat.Modified, Mode = stat.Mode };
            var staged = (StagedFile)await replica.ReceiveAsync(entry, cancellationToken);
            _group.Add((file, staged));
            var content = await reading.ReadAsync(from, stat.Size, sparse: false, (position, bytes) => staged.WriteAsync(position, bytes, cancellationToken), cancellationToken);
            // Invariant: the copy gets no contents but those that the source's index vouches for.
            if (content != file.Content)
            {
                _group.RemoveAt(_group.Count - 1);
                await staged.DisposeAsync();
                _failures.Add((file.Path, "it was changed while it was copied; the next run takes it"));
                return;
            }
            await staged.CompleteAsync(entry with { Content = content }, cancellationToken);
            _groupBytes += stat.Size;
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            _failures.Add((file.Path, e.Message));
        }
    }

    /// <summary>Gives the staged files their names.</summary>
    private void Place()
    {
        if (_group.Count == 0)
            return;
        // Invariant: a file gets its final name only when its bytes are durable.
        replica.Folder.Barrier();
        var placed = new List<IndexedFile>();
        foreach (var (file, staged) in _group)
            try
            {
                if (!staged.IsComplete)
                    continue;
                MakeWay(file.Path);
                FolderTree.Ensure(replica.Folder, file.Path.Parent, LibraryLayout.FolderMode);
                replica.Incoming.Rename(staged.Name, replica.Folder, file.Path, replace: true);
                staged.IsUsedUp = true;
                placed.Add(IndexedFile.Of(file.Path, file.Content, replica.Folder.Stat(file.Path)));
            }
            catch (FileSystemException e)
            {
                _failures.Add((file.Path, e.Message));
            }
        replica.Folder.Barrier();
        // Invariant: a date of verification is of the bytes that lie there now.
        replica.Record.Doubt(placed.Select(f => f.Content), time.GetUtcNow());
        replica.Index.Together(() =>
        {
            foreach (var file in placed)
                replica.Index.Put(file);
        });
        foreach (var (_, staged) in _group)
            staged.Drop();
        _group.Clear();
        _groupBytes = 0;
    }

    /// <summary>Where a file is to lie that was a folder, or the other way round, what leaves anyway leaves now.</summary>
    private void MakeWay(EntryPath path)
    {
        for (var above = path.Parent; !above.IsRoot; above = above.Parent)
            if (_leaving.Contains(above))
                Remove(above);
        if (replica.Folder.TryStat(path) is not { Type: EntryType.Folder })
            return;
        foreach (var below in _leaving.Where(l => l.IsAtOrUnder(path)).ToList())
            Remove(below);
    }

    /// <summary>Removes a file, and the folders that nothing is left in.</summary>
    private void Remove(EntryPath path)
    {
        if (!_leaving.Remove(path))
            return;
        try
        {
            if (replica.Folder.TryStat(path) is { Type: EntryType.File })
                replica.Folder.Remove(path);
            Leaves(path);
            replica.Index.Remove(path);
            for (var folder = path.Parent; !folder.IsRoot && source.Folder.TryStat(folder) is not { Type: EntryType.Folder }; folder = folder.Parent)
                replica.Folder.RemoveFolder(folder);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotEmpty or Errno.Exists or Errno.NotFound)
        {
            // Something is left in the folder.
        }
        catch (FileSystemException e)
        {
            _failures.Add((path, e.Message));
        }
    }

    /// <summary>Of several files with a content nobody knows which was read back.</summary>
    private void Leaves(EntryPath path)
    {
        if (replica.Index.FileAt(path) is { } file && replica.Index.HasOtherFile(file, replica.Folder.Traits.StableIdentity))
            replica.Record.Doubt([file.Content], time.GetUtcNow());
    }

    private void CopyRecord()
    {
        foreach (var file in new[] { RecordFile.Names, RecordFile.Log })
        {
            var path = LibraryFolder.PathOf(file);
            if (source.Folder.TryStat(path) is null)
            {
                replica.ReplaceRecord(file, null);
                continue;
            }
            using var from = source.Folder.OpenFile(path);
            if (replica.Folder.TryStat(path) is not { } there || there.Size != from.Stat().Size || HashOf(replica.Folder, path) != HashOf(source.Folder, path))
                replica.ReplaceRecord(file, from);
        }
    }

    private static string HashOf(IFolderReader folder, EntryPath path)
    {
        using var file = folder.OpenFile(path);
        return Convert.ToHexString(SHA256.HashData(new FileReadStream(file)));
    }
}
