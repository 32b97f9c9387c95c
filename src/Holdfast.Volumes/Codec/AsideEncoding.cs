using System.Runtime.ExceptionServices;

namespace Holdfast.Volumes.Codec;

/// <summary>
/// Lets everything below work on a thread of its own, a few blocks behind: hashing, compressing and writing need not wait for
/// the reading of files, nor it for them.
/// </summary>
internal sealed class AsideEncoding : EncodingStream
{
    private const int BlockSize = 1024 * 1024, Blocks = 4;

    private readonly EncodingStream _below;
    private readonly object _gate = new();
    private readonly Queue<(byte[] Bytes, int Length)> _full = [];
    private readonly Stack<byte[]> _empty = new(Enumerable.Range(0, Blocks).Select(_ => new byte[BlockSize]));
    private readonly Thread _thread;
    private byte[] _block = new byte[BlockSize];
    private int _used;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <param name="below">Gets what is written, on another thread; it is this stream's to dispose.</param>
    public AsideEncoding(EncodingStream below)
    {
        _below = below;
        _thread = new Thread(Work) { IsBackground = true, Name = "volume" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var part = Math.Min(buffer.Length, BlockSize - _used);
            buffer[..part].CopyTo(_block.AsSpan(_used));
            buffer = buffer[part..];
            _used += part;
            if (_used == BlockSize)
                HandOn();
        }
    }

    /// <summary>Waits until everything written so far is below.</summary>
    public void Settle()
    {
        if (_used > 0)
            HandOn();
        lock (_gate)
        {
            while (_empty.Count < Blocks && _failure is null)
                Monitor.Wait(_gate);
            _failure?.Throw();
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_used > 0)
            HandOn();
        End();
        _failure?.Throw();
        _below.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
                _full.Clear();
            End();
            _below.Dispose();
        }
        base.Dispose(disposing);
    }

    private void HandOn()
    {
        lock (_gate)
        {
            while (_empty.Count == 0 && _failure is null)
                Monitor.Wait(_gate);
            // What failed below fails whoever writes on.
            _failure?.Throw();
            _full.Enqueue((_block, _used));
            _block = _empty.Pop();
            _used = 0;
            Monitor.PulseAll(_gate);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    private void Work()
    {
        try
        {
            while (Next() is { Bytes: { } bytes } block)
            {
                _below.Write(bytes.AsSpan(0, block.Length));
                lock (_gate)
                {
                    _empty.Push(bytes);
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <returns>Without bytes at the end.</returns>
    private (byte[]? Bytes, int Length) Next()
    {
        lock (_gate)
        {
            while (_full.Count == 0 && !_ended)
                Monitor.Wait(_gate);
            return _full.TryDequeue(out var block) ? block : (null, 0);
        }
    }
}
