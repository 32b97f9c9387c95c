namespace Holdfast.Server.Uploads;

/// <summary>
/// Lets one request at a time work with an upload. Whoever comes next ends the one before: a client whose connection broke asks
/// how far it is while the server still waits for the rest.
/// </summary>
internal sealed class UploadTurn : IDisposable
{
    private readonly SemaphoreSlim _free = new(1, 1);
    private CancellationTokenSource? _holder;

    /// <summary>Takes the turn. Disposing it lets the next one in; its token tells that the next one has come.</summary>
    /// <exception cref="ObjectDisposedException">The upload was ended meanwhile.</exception>
    public async Task<Held> TakeAsync(CancellationToken cancellationToken)
    {
        var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (!await _free.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                Interrupt();
                if (await _free.WaitAsync(TimeSpan.FromSeconds(1), cancellationToken))
                    break;
            }
            Volatile.Write(ref _holder, mine);
            return new Held(this, mine);
        }
        catch
        {
            mine.Dispose();
            throw;
        }
    }

    /// <summary>Takes the turn if nobody has it.</summary>
    public bool TryTake() => _free.Wait(TimeSpan.Zero);

    public void Dispose() => _free.Dispose();

    private void Interrupt()
    {
        try
        {
            Volatile.Read(ref _holder)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    private void Release()
    {
        Volatile.Write(ref _holder, null);
        try
        {
            _free.Release();
        }
        catch (ObjectDisposedException)
        {
            // The upload was ended in this turn.
        }
    }

    /// <summary>A turn that is taken.</summary>
    internal sealed class Held(UploadTurn turn, CancellationTokenSource source) : IDisposable
    {
        /// <summary>Fires when the request ends, or the next one has come.</summary>
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            turn.Release();
            source.Dispose();
        }
    }
}
