using Holdfast.Core.FileSystem;
using Holdfast.Stores.Streams;

namespace Holdfast.Stores.Disk;

/// <summary>A part of a file, exactly as long as promised or an error.</summary>
internal sealed class DiskReadStream(IFileReader file, string store, ObjectName name, long offset, long length) : ForwardStream
{
    private long _done;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - _done);
        if (wanted == 0)
            return 0;
        var got = Read(offset + _done, buffer[..wanted]);
        if (got == 0)
            throw StoreException.Short(store, name, $"{length} bytes were there when it was opened, and now there are {_done}");
        _done += got;
        return got;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Read(long position, Span<byte> buffer)
    {
        try
        {
            return file.Read(position, buffer);
        }
        catch (FileSystemException e)
        {
            throw DiskErrors.Of(e, store, name);
        }
    }
}
