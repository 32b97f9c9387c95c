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
    private ObjectContent? _open;
    private long _at;

    public ObjectFile(IStore store, ObjectName name)
    {
        (_store, _name) = (store, name);
        _stat = Wait(() => store.TryStatAsync(name, default)) ?? throw new FileSystemException("open", $"{store.Display}/{name}", Errno.NotFound);
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
        _open!.Bytes.ReadExactly(buffer[..wanted]);
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
            var skipped = new byte[position - _at];
            _open.Bytes.ReadExactly(skipped);
        }
        else
        {
            _open?.Bytes.Dispose();
            _open = Wait(() => _store.OpenAsync(_name, ByteRange.From(position), default));
            if (_open.Version != _stat.Version)
                throw new StoreException(StoreErrorKind.Changed, $"'{_name}' in {_store.Display} was replaced while it was read.", "Nobody should do that to a volume; read it again.");
        }
        _at = position;
    }

    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
