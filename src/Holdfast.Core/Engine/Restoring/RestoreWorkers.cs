using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Write contents beside the walk over the snapshot, as many at once as there are workers.</summary>
/// <param name="staging">Where contents go first.</param>
/// <param name="counters">Told of what is read and of what fails.</param>
/// <param name="count">How many; one writes at once, within the call.</param>
/// <param name="stop">Ends all of the restore.</param>
internal sealed class RestoreWorkers(FileStaging staging, RestoreCounters counters, int count, CancellationTokenSource stop) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);
    private readonly ConcurrentBag<ContentReading> _readings = [];

    /// <summary>What ended the restore; null while nothing has.</summary>
    public HoldfastException? Fatal { get; private set; }

    /// <summary>Only when none is at work any more.</summary>
    public void Dispose()
    {
        foreach (var reading in _readings)
            reading.Dispose();
        _free.Dispose();
    }

    /// <summary>True when the file that is there holds other bytes.</summary>
    public async ValueTask<bool> DiffersAsync(RestoreItem item)
    {
        using var reading = new ContentReading(counters.Read);
        return !await FileStaging.HasContentsAsync(item, reading, stop.Token);
    }

    /// <summary>Begins to write a file, as soon as a worker is free.</summary>
    public async ValueTask StartAsync(RestoreItem item)
    {
        if (count == 1)
        {
            await WriteAsync(item);
            return;
        }
        await _free.WaitAsync(stop.Token);
        item.Work = Task.Run(async () =>
        {
            try
            {
                await WriteAsync(item);
            }
            finally
            {
                _free.Release();
            }
        });
    }

    private async Task WriteAsync(RestoreItem item)
    {
        var reading = _readings.TryTake(out var free) ? free : new ContentReading(counters.Read);
        try
        {
            await staging.WriteAsync(item, reading, stop.Token);
            _readings.Add(reading);
            return;
        }
        catch (OperationCanceledException)
        {
            item.Failed = true;
            // The snapshot's reader may have been interrupted before we were: nobody may take this for a restore that is done.
            await stop.CancelAsync();
        }
        catch (FileSystemException e) when (e.IsNoSpace)
        {
            item.Failed = true;
            Fatal ??= NoRoom(item.Entry, e);
            await stop.CancelAsync();
        }
        catch (Exception e) when (e is HoldfastException or IOException)
        {
            item.Failed = true;
            counters.Fail(item.Path, e.Message);
        }
        // Its hash holds half a file.
        reading.Dispose();
    }

    /// <summary>The disk is full.</summary>
    public HoldfastException NoRoom(Entry entry, FileSystemException e) => new(
        ErrorKind.Failed,
        $"no room to restore '{entry.Path}': it needs {entry.Size:N0} bytes ({e.Message}).",
        $"{counters.FilesDone:N0} files were restored so far. Make room and run the restore again: it goes on where it stopped.",
        e);
}
