using System.Buffers;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Stores;

namespace Holdfast.Volumes.Places;

/// <summary>An object read like a file. Read from start to end it is one request; going back, or far ahead, is another.</summary>
internal sealed class ObjectFile : IFileReader
{
    private const int SkipRatherThanAsk = 1 << 20;

    private readonly IStore _store;
    private readonly ObjectName _name;
    private readonly ObjectStat _stat;
    private readonly CancellationToken _interruption;
    private ObjectContent? _open;
    private long _at;

    /// <param name="store">Where it is.</param>
    /// <param name="name">Which.</param>
    /// <param name="interruption">Ends a read that waits for the store.</param>
    public ObjectFile(IStore store, ObjectName name, CancellationToken interruption)
    {
        (_store, _name, _interruption) = (store, name, interruption);
        _stat = Wait(() => store.TryStatAsync(name, interruption)) ?? throw new FileSystemException("open", $"{store.Display}/{name}", Errno.NotFound);
    }

    // On no disk of this machine.
    public FileStat Stat() => new() { Type = EntryType.File, Size = _stat.Size, Device = ulong.MaxValue };

    public ExtendedAttributes ReadAttributes() => ExtendedAttributes.None;

    public int Read(long position, Span<byte> buffer)
    {
        var wanted = (int)Math.Clamp(_stat.Size - position, 0, buffer.Length);
        if (wanted == 0)
            return 0;
        Seek(position);
        ReadExactly(buffer[..wanted]);
        _at += wanted;
        return wanted;
    }

    public (long Start, long End)? NextData(long position, long size) => position < size ? (position, size) : null;

    public void Advise(ReadAdvice advice)
    {
    }

    public void Dispose() => _open?.Bytes.Dispose();

    private void Seek(long position)
    {
        if (_open is not null && position >= _at && position - _at <= SkipRatherThanAsk)
        {
            ReadExactly(new byte[position - _at]);
        }
        else
        {
            _open?.Bytes.Dispose();
            _open = Wait(() => _store.OpenAsync(_name, ByteRange.From(position), _interruption));
            if (_open.Version != _stat.Version)
                throw new StoreException(StoreErrorKind.Changed, $"'{_name}' in {_store.Display} was replaced while it was read.", "Nobody should do that to a volume; read it again.");
        }
        _at = position;
    }

    // What a stream reads at once cannot be interrupted.
    private void ReadExactly(Span<byte> buffer)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            _open!.Bytes.ReadExactlyAsync(bytes, 0, buffer.Length, _interruption).AsTask().GetAwaiter().GetResult();
            bytes.AsSpan(0, buffer.Length).CopyTo(buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
