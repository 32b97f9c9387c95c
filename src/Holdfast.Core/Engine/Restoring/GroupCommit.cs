using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// Gives a group its names (promise 3): everything written is durable before anything that was there gives way, and a folder
/// is closed after all in it has its name.
/// </summary>
internal sealed class GroupCommit(
    RestoreOptions options,
    FileStaging staging,
    MetadataWriter metadata,
    Remarks remarks,
    RestoreCounters counters,
    Removal removal,
    TemporaryName names,
    int workers)
{
    private const string LinkBecameFile = "{0} hard links became files of their own, because they cannot be linked here";

    /// <param name="group">The group; its contents may still be on their way.</param>
    /// <param name="mayRemove">False when the restore was cut off: the snapshot was not read to the end.</param>
    /// <param name="cancellationToken">Ends the reading back; names are given all the same.</param>
    public async Task RunAsync(RestoreGroup group, bool mayRemove, CancellationToken cancellationToken)
    {
        foreach (var item in group.Items)
            await item.Work;
        // Invariant: after this barrier every temporary name holds durable bytes. A crash before leaves only such names.
        Barrier(group.Items.Where(i => !i.Temporary.IsRoot).Select(i => i.Folder));
        if (options.Verify)
            await VerifyAsync(group, cancellationToken);
        foreach (var step in group.Steps)
            if (step is RestoreItem item)
                await PlaceAsync(item, cancellationToken);
            else
                Close((OpenFolder)step, mayRemove);
    }

    /// <summary>The part of a dry run: counts what would be removed.</summary>
    public void Plan(OpenFolder folder)
    {
        if (options.Delete && folder is { IsWhole: true, Folder: not null })
            RemoveUnknown(folder);
        if (folder.Parent is not null)
            folder.Dispose();
    }

    private static void Barrier(IEnumerable<OpenFolder> folders)
    {
        foreach (var folder in folders.DistinctBy(f => f.Before.Device))
            folder.Folder!.Barrier();
    }

    private async Task VerifyAsync(RestoreGroup group, CancellationToken cancellationToken)
    {
        var written = group.Items.Where(i => !i.Failed && !i.Temporary.IsRoot && i.Entry.Type == EntryType.File);
        var readings = new System.Collections.Concurrent.ConcurrentBag<ContentReading>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(written, parallel, async (item, token) =>
            {
                var reading = readings.TryTake(out var free) ? free : new ContentReading(counters.ReadBack);
                await VerifyAsync(item, reading, token);
                readings.Add(reading);
            });
        }
        catch (OperationCanceledException)
        {
            // What was not read back must not get its name.
            foreach (var item in group.Items.Where(i => i is { Failed: false, IsVerified: false, Temporary.IsRoot: false, Entry.Type: EntryType.File }))
                GiveUp(item);
            throw;
        }
        finally
        {
            foreach (var reading in readings)
                reading.Dispose();
        }
    }

    private async ValueTask VerifyAsync(RestoreItem item, ContentReading reading, CancellationToken cancellationToken)
    {
        try
        {
            await FileStaging.VerifyAsync(item, reading, cancellationToken);
            item.IsVerified = true;
            counters.FileVerified();
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            Fail(item, e.Message);
        }
    }

    private async ValueTask PlaceAsync(RestoreItem item, CancellationToken cancellationToken)
    {
        if (item.Failed)
            return;
        try
        {
            if (item.LinkTo is { } first && item.IsWritten)
                await LinkAsync(item, first, cancellationToken);
            else if (item.IsWritten)
                Rename(item);
            else if (item.Action == RestoreAction.SetMetadata)
                metadata.Apply(item.Folder.Folder!, item.Name, item.Entry);
            if (!item.Failed)
                counters.Count(item.Action);
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            Fail(item, e.Error == Errno.Exists && item.Existing is null
                ? "another name, which is the same on this file system, or which appeared during the restore, is in its way"
                : e.Message);
        }
        catch (HoldfastException e)
        {
            Fail(item, e.Message);
        }
    }

    private void Rename(RestoreItem item)
    {
        var folder = item.Folder.Folder!;
        if (item.Existing is { Type: EntryType.Folder })
        {
            if (options.Delete && !removal.Remove(folder, item.Name, item.Path, item.Folder.Before.Device))
                throw new HoldfastException(ErrorKind.Failed, "the folder in its way could not be removed completely");
            if (!options.Delete)
                folder.RemoveFolder(item.Name);
        }
        folder.Rename(item.Temporary, folder, item.Name, replace: item.Existing is { Type: not EntryType.Folder });
    }

    /// <summary>A further name of a file restored before: the same file when it can be linked, else one with the same bytes.</summary>
    private async ValueTask LinkAsync(RestoreItem item, RestoreItem first, CancellationToken cancellationToken)
    {
        while (first.ContinuedBy is { } next)
            first = next;
        var isFull = false;
        if (first.Failed)
            throw new HoldfastException(ErrorKind.Failed, $"'{first.Path}', a name of the same file, could not be restored");
        try
        {
            first.Folder.Use(folder => Link(item, folder, first.Name));
        }
        catch (FileSystemException e) when (item.Temporary.IsRoot && e.Error is Errno.TooManyLinks or Errno.OtherFileSystem or Errno.NotPermitted or Errno.AccessDenied or Errno.NotSupported)
        {
            remarks.Add(LinkBecameFile);
            using var reading = new ContentReading(counters.Read);
            await staging.WriteAsync(item, reading, cancellationToken);
            item.Folder.Folder!.Barrier();
            isFull = e.Error == Errno.TooManyLinks;
        }
        if (item.Action != RestoreAction.Nothing)
            Rename(item);
        if (isFull)
            first.ContinuedBy = item;
    }

    private void Link(RestoreItem item, IFolder folder, EntryPath first)
    {
        var stat = folder.Stat(first);
        if (item.Existing is { } there && there.Inode == stat.Inode && there.Device == stat.Device)
        {
            item.Action = RestoreAction.Nothing;
            return;
        }
        var name = names.Next();
        folder.Link(first, item.Folder.Folder!, name);
        item.Temporary = name;
    }

    private void Close(OpenFolder folder, bool mayRemove)
    {
        try
        {
            if (options.Delete && folder.IsWhole && mayRemove)
                RemoveUnknown(folder);
            folder.Close(metadata);
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            counters.Fail(folder.Path, e.Message);
        }
        if (folder.Parent is not null)
            folder.Dispose();
    }

    private void RemoveUnknown(OpenFolder folder)
    {
        foreach (var name in folder.Unknown())
            try
            {
                if (!options.DryRun)
                    folder.MakeWritable();
                removal.Remove(folder.Folder!, name, folder.Path.Child(name.Bytes), folder.Before.Device);
            }
            catch (FileSystemException e)
            {
                counters.Fail(folder.Path.Child(name.Bytes), e.Message);
            }
    }

    private void Fail(RestoreItem item, string reason)
    {
        counters.Fail(item.Path, reason);
        GiveUp(item);
    }

    private static void GiveUp(RestoreItem item)
    {
        item.Failed = true;
        if (item.Temporary.IsRoot)
            return;
        try
        {
            if (item.Folder.Folder!.TryStat(item.Temporary) is not null)
                item.Folder.Folder.Remove(item.Temporary);
        }
        catch (FileSystemException)
        {
            // The next restore removes it.
        }
    }
}
