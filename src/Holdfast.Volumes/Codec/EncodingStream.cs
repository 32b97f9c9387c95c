namespace Holdfast.Volumes.Codec;

/// <summary>A write-only stream that ends with <see cref="Complete"/>. Disposed without it, what was written is worth nothing.</summary>
internal abstract class EncodingStream : Stream
{
    /// <summary>All bytes were written: hands on the rest, ends what is below, and waits for it.</summary>
    /// <exception cref="Core.Model.HoldfastException">A stage failed; nothing may be made of what it gave.</exception>
    public abstract void Complete();

    /// <inheritdoc/>
    public sealed override bool CanRead => false;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => true;

    /// <inheritdoc/>
    public sealed override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public abstract override void Write(ReadOnlySpan<byte> buffer);

    /// <inheritdoc/>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>The last stage: gathers small writes for the file.</summary>
internal sealed class PlainEncoding(Stream file) : EncodingStream
{
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private int _used;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_used == 0 && buffer.Length >= _buffer.Length)
            {
                file.Write(buffer);
                return;
            }
            var part = Math.Min(buffer.Length, _buffer.Length - _used);
            buffer[..part].CopyTo(_buffer.AsSpan(_used));
            buffer = buffer[part..];
            _used += part;
            if (_used == _buffer.Length)
                HandOn();
        }
    }

    /// <inheritdoc/>
    public override void Complete() => HandOn();

    private void HandOn()
    {
        if (_used > 0)
            file.Write(_buffer, 0, _used);
        _used = 0;
    }
}
