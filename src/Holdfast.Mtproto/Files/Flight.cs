using System.Runtime.ExceptionServices;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Files;

/// <summary>The parts of one upload that are under way. The first one that fails ends them all.</summary>
internal sealed class Flight : IAsyncDisposable
{
    private readonly FileTransfers _transfers;
    private readonly CancellationTokenSource _stop;
    private readonly HashSet<Task> _parts = [];
    private readonly Lock _gate = new();
    private Exception? _failure;

    public Flight(FileTransfers transfers, CancellationToken ct)
    {
        _transfers = transfers;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>A buffer, once a connection can carry it.</summary>
    public async Task<PartBuffer> RentAsync(int size)
    {
        try
        {
            var pool = await _transfers.PoolAsync(_transfers.Home, _stop.Token);
            return new PartBuffer(await pool.RentAsync(size, _stop.Token), size);
        }
        catch (OperationCanceledException) when (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
    }

    public async Task ReadAsync(Stream source, PartBuffer buffer, string name)
    {
        try
        {
            if (await source.ReadAtLeastAsync(buffer.Bytes, buffer.Bytes.Length, throwOnEndOfStream: false, _stop.Token) < buffer.Bytes.Length)
                throw new EndOfStreamException($"{name} became shorter while it was read.");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public void Send(PartBuffer buffer, ITlMethod<bool> call, Action arrived)
    {
        var task = SendAsync(buffer, call, arrived);
        lock (_gate) _parts.Add(task);
        _ = task.ContinueWith(
            t =>
            {
                lock (_gate) _parts.Remove(t);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits for all of them.</summary>
    public async Task LandAsync()
    {
        await WaitAsync();
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public async ValueTask DisposeAsync()
    {
        // Buffers go back to the pool only when nothing sends from them any more.
        await _stop.CancelAsync();
        await WaitAsync();
        _stop.Dispose();
    }

    private async Task WaitAsync()
    {
        Task[] parts;
        lock (_gate) parts = [.. _parts];
        await Task.WhenAll(parts);
    }

    private async Task SendAsync(PartBuffer buffer, ITlMethod<bool> call, Action arrived)
    {
        // The caller goes on reading the next part while this one is encrypted.
        await Task.Yield();
        try
        {
            await _transfers.CallAsync(buffer.Lease.Connection, call, _stop.Token);
            buffer.Lease.Moved(buffer.Bytes.Length);
            arrived();
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            await _stop.CancelAsync();
        }
        finally
        {
            buffer.Dispose();
        }
    }
}
