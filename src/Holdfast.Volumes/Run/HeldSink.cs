using System.Buffers;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Volumes.Run;

/// <summary>Holds the bytes of a small file until its turn in the archive has come. Several are filled side by side.</summary>
/// <param name="size">Bytes the file is said to have.</param>
/// <param name="done">Is told when it is whole; the bytes are then its owner's.</param>
internal sealed class HeldSink(long size, Action<HeldFile> done) : IContentSink
{
    /// <summary>Files up to so many bytes are held.</summary>
    public const int Most = 1024 * 1024;

    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent((int)Math.Max(size, 1));
    private int _length;

    /// <inheritdoc/>
    public bool TryClone(IFileReader source) => false;

    /// <inheritdoc/>
    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        bytes.Span.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        done(new HeldFile(entry with { Size = _length }, _bytes!));
        _bytes = null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        return ValueTask.CompletedTask;
    }
}

/// <summary>A small file that is whole in memory.</summary>
internal sealed class HeldFile(Entry entry, byte[] bytes) : IDisposable
{
    public Entry Entry => entry;

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, (int)entry.Size);

    public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);
}
