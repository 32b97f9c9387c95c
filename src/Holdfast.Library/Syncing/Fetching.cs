using System.Collections.Concurrent;
using System.Globalization;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>
/// Does to the folder what was done to the library. Order, a group at a time: bytes → barrier → names → barrier. Bytes that
/// the folder holds under another path are copied, not fetched.
/// </summary>
/// <param name="library">The library.</param>
/// <param name="folder">The folder.</param>
/// <param name="files">What the folder holds.</param>
/// <param name="wanted">What the library holds.</param>
/// <param name="options">How many files are fetched at once.</param>
/// <param name="tally">Is told what became of each action.</param>
internal sealed class Fetching(ISyncedLibrary library, SyncedFolder folder, IReadOnlyDictionary<EntryPath, Entry> files, IReadOnlyDictionary<EntryPath, Entry> wanted, SyncOptions options, SyncTally tally)
{
    private readonly MetadataWriter _metadata = new(new Remarks());
    private readonly Dictionary<ContentId, EntryPath> _here = files.Values.Where(f => f.Content is not null).DistinctBy(f => f.Content).ToDictionary(f => f.Content!.Value, f => f.Path);
    private long _nextStaged;

    /// <summary>How the files look that were put or moved.</summary>
    public Dictionary<EntryPath, BaseFile> Placed { get; } = [];

    /// <summary>Does the actions: removals that make way, moves, puts in groups, the other removals.</summary>
    public async Task DoAsync(IReadOnlyList<SyncAction> actions, CancellationToken cancellationToken)
    {
        var first = MakingWay.Of(actions);
        Remove(actions.Where(a => first.Contains(a.Path)));
        foreach (var move in actions.Where(a => a.Kind == SyncStepKind.Move))
            Move(move, move.From!.Value);
        foreach (var group in SyncGroups.Of(actions.Where(a => a.Kind == SyncStepKind.Put), a => wanted[a.Path].Size))
            await PutAsync(group, cancellationToken);
        var lacking = tally.Lacking(actions);
        Remove(actions.Where(a => !first.Contains(a.Path) && !lacking.Contains(a.Old)));
        folder.Folder.Barrier();
    }

    private void Remove(IEnumerable<SyncAction> actions)
    {
        foreach (var action in actions.Where(a => a.Kind == SyncStepKind.Remove))
            Try(action, () => folder.Changes!.Remove(action.Path, IsAsScanned(action.Path)));
    }

    private void Move(SyncAction move, EntryPath from)
    {
        Try(move, () => folder.Changes!.Move(from, move.Path, IsAsScanned(from)));
        if (!tally.IsDone(move))
            return;
        _here[move.New!.Value] = move.Path;
        Note(move, files[from].Identity?.Inode, files[from].Modified);
    }

    private void Put(SyncAction action, StagedFile bytes)
    {
        var came = folder.Incoming.Stat(bytes.Name);
        Try(action, () => bytes.IsUsedUp = folder.Changes!.Put(bytes.Name, action.Path, action.Old is null ? null : IsAsScanned(action.Path)));
        if (tally.IsDone(action))
            Note(action, came.Inode, came.Modified);
    }

    /// <summary>Somebody may have written to the file already: then its look says nothing.</summary>
    private void Note(SyncAction action, ulong? inode, Timestamp modified)
    {
        var (content, stat) = (action.New!.Value, folder.Changes!.At(action.Path));
        if (stat is { Type: EntryType.File } now && now.Modified == modified && (!folder.Folder.Traits.StableIdentity || now.Inode == inode))
            Placed[action.Path] = BaseFile.Of(action.Path, content, now);
        else
            Placed[action.Path] = new BaseFile(action.Path, content, 0, modified, null, 0);
    }

    private async Task PutAsync(List<SyncAction> group, CancellationToken cancellationToken)
    {
        var staged = new ConcurrentDictionary<EntryPath, StagedFile>();
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(group, parallel, async (action, stop) =>
            {
                if (await StageAsync(wanted[action.Path], action.New!.Value, stop) is { } bytes)
                    staged[action.Path] = bytes;
            });
            // Invariant: a file gets its final name only when its bytes are durable.
            folder.Folder.Barrier();
            foreach (var action in group)
                if (staged.TryGetValue(action.Path, out var bytes))
                    Put(action, bytes);
        }
        finally
        {
            foreach (var bytes in staged.Values)
                await bytes.DisposeAsync();
        }
    }

    private void Try(SyncAction action, Func<bool> change)
    {
        try
        {
            tally.Ended(action, change() ? StepOutcome.Done : StepOutcome.Changed);
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            tally.Fail(action.Path, e.Message);
        }
    }

    /// <summary>A file that somebody touched since it was scanned is left alone.</summary>
    private Func<FileStat, bool> IsAsScanned(EntryPath path) => stat =>
        files.TryGetValue(path, out var file)
        && stat.Size == file.Size
        && stat.Modified == file.Modified
        && (!folder.Folder.Traits.StableIdentity || (stat.Inode == file.Identity?.Inode && stat.Changed == file.Identity?.Changed));

    private async Task<StagedFile?> StageAsync(Entry file, ContentId content, CancellationToken cancellationToken)
    {
        try
        {
            if (_here.TryGetValue(content, out var here) && await TryStageAsync(file, content, () => OpenHere(here), cancellationToken) is { } copied)
                return copied;
            using var from = await library.OpenAsync(content, cancellationToken);
            if (from is not null && await TryStageAsync(file, content, () => from, cancellationToken) is { } fetched)
            {
                tally.Fetched(file.Size);
                return fetched;
            }
            tally.Fail(file.Path, "the library changed while the sync was at work; the next run takes it");
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            tally.Fail(file.Path, e.Message);
        }
        return null;
    }

    private IFileReader? OpenHere(EntryPath path)
    {
        try
        {
            return folder.Folder.OpenFile(path);
        }
        catch (FileSystemException)
        {
            return null; // Somebody took it away; the library has it too.
        }
    }

    /// <summary>Copies a file to what comes in; null when it does not have the content.</summary>
    private async Task<StagedFile?> TryStageAsync(Entry file, ContentId content, Func<IFileReader?> open, CancellationToken cancellationToken)
    {
        using var from = open();
        if (from is null)
            return null;
        var name = EntryPath.From(Interlocked.Increment(ref _nextStaged).ToString(CultureInfo.InvariantCulture));
        var staged = new StagedFile(folder.Incoming, name, _metadata);
        try
        {
            var size = from.Stat().Size;
            using var reading = new ContentReading(_ => { });
            var read = await reading.ReadAsync(from, size, sparse: false, (position, bytes) => staged.WriteAsync(position, bytes, cancellationToken), cancellationToken);
            // Invariant: the folder gets no contents but those that were listed.
            if (read == content)
            {
                await staged.CompleteAsync(file with { Size = size, Content = content }, cancellationToken);
                return staged;
            }
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
        await staged.DisposeAsync();
        return null;
    }
}
