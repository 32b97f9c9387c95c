using Microsoft.Win32.SafeHandles;

namespace Holdfast.Mtproto.Files;

/// <summary>Where downloaded parts go.</summary>
internal interface IPartSink
{
    /// <summary>Waits until the part may be fetched, so that not too many are held in memory.</summary>
    ValueTask ReserveAsync(int part, CancellationToken ct);

    /// <summary>The part is there already.</summary>
    void Skip(int part);

    ValueTask WriteAsync(int part, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct);
}

/// <summary>A file takes parts in any order.</summary>
internal sealed class HandleSink(SafeFileHandle handle) : IPartSink
{
    public ValueTask ReserveAsync(int part, CancellationToken ct) => ValueTask.CompletedTask;

    public void Skip(int part)
    {
    }

    public ValueTask WriteAsync(int part, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct) => RandomAccess.WriteAsync(handle, bytes, offset, ct);
}

/// <summary>A stream takes them in order: each part waits for the one before, and no more than a window of them is fetched ahead.</summary>
internal sealed class StreamSink(Stream stream) : IPartSink
{
    private const int Window = 24;
    private readonly SemaphoreSlim _window = new(Window);
    private readonly Dictionary<int, TaskCompletionSource> _turns = [];
    private readonly Lock _gate = new();
    private int _next;

    public async ValueTask ReserveAsync(int part, CancellationToken ct) => await _window.WaitAsync(ct);

    public void Skip(int part) => throw new NotSupportedException("A download into a stream cannot go on where another one stopped; use a file.");

    public async ValueTask WriteAsync(int part, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await TurnOf(part).Task.WaitAsync(ct);
        await stream.WriteAsync(bytes, ct);
        TaskCompletionSource? following;
        lock (_gate)
        {
            _turns.Remove(part);
            _next = part + 1;
            _turns.TryGetValue(_next, out following);
        }
        following?.TrySetResult();
        _window.Release();
    }

    private TaskCompletionSource TurnOf(int part)
    {
        lock (_gate)
        {
            if (!_turns.TryGetValue(part, out var turn)) _turns[part] = turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (part == _next) turn.TrySetResult();
            return turn;
        }
    }
}
