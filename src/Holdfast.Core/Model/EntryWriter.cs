using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Core.Model;

/// <summary>
/// Writes entries one after the other in a compact binary form, for caches and spools of the same program version.
/// Paths are written as what differs from the path before, so entries in path order take few bytes.
/// </summary>
public sealed class EntryWriter : IDisposable
{
    /// <summary>Changes with every change of the form; a reader of another version must ignore the file.</summary>
    public const int FormVersion = 1;

    private readonly Stream _stream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _used;
    private EntryPath _previous = EntryPath.Root;

    /// <summary>Writes to a stream, which it owns.</summary>
    public EntryWriter(Stream stream) => _stream = stream;

    /// <summary>Writes one entry.</summary>
    public void Write(Entry entry) => Write(entry, entry.Path);

    /// <summary>Writes one entry under another path than its own.</summary>
    public void Write(Entry entry, EntryPath path)
    {
        var flags = EntryFields.None;
        if (entry.User is not null) flags |= EntryFields.User;
        if (entry.Group is not null) flags |= EntryFields.Group;
        if (entry.LinkTarget is not null) flags |= EntryFields.LinkTarget;
        if (entry.Device is not null) flags |= EntryFields.Device;
        if (entry.Attributes.Count > 0) flags |= EntryFields.Attributes;
        if (entry.LinkedWith is not null) flags |= EntryFields.LinkedWith;
        if (entry.IsMountPoint) flags |= EntryFields.MountPoint;
        if (entry.Content is not null) flags |= EntryFields.Content;
        if (entry.Tracked) flags |= EntryFields.Tracked;
        if (entry.Identity is not null) flags |= EntryFields.Identity;
        if (entry.Identity?.Born is not null) flags |= EntryFields.Born;
        if (entry.IsSparse) flags |= EntryFields.Sparse;

        WriteNumber((ulong)flags);
        WriteByte((byte)entry.Type);
        WritePath(path);
        WriteNumber((ulong)entry.Size);
        WriteTime(entry.Modified);
        WriteNumber((ulong)entry.Mode);
        WriteNumber(entry.UserId);
        WriteNumber(entry.GroupId);
        if (entry.User is not null) WriteText(entry.User);
        if (entry.Group is not null) WriteText(entry.Group);
        if (entry.LinkTarget is not null) WriteBytes(entry.LinkTarget);
        if (entry.Device is { } device)
        {
            WriteNumber(device.Major);
            WriteNumber(device.Minor);
        }
        if (entry.Attributes.Count > 0)
            WriteAttributes(entry.Attributes);
        if (entry.LinkedWith is { } first) WriteBytes(first.Bytes);
        if (entry.Content is { } content)
        {
            Reserve(ContentId.Size);
            content.CopyTo(_buffer.AsSpan(_used));
            _used += ContentId.Size;
        }
        if (entry.Identity is { } identity)
        {
            WriteNumber(identity.Device);
            WriteNumber(identity.Inode);
            WriteTime(identity.Changed);
            if (identity.Born is { } born) WriteTime(born);
        }
    }

    /// <summary>Writes a number that takes fewer bytes the smaller it is (LEB128).</summary>
    public void WriteNumber(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _buffer[_used++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[_used++] = (byte)value;
    }

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_used++] = value;
    }

    /// <summary>Writes a length and the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteNumber((ulong)bytes.Length);
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    /// <summary>Hands everything to the stream.</summary>
    public void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        try
        {
            Flush();
        }
        finally
        {
            // Whatever the disk says: it is closed, and closing it again says nothing more.
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _stream.Dispose();
        }
    }

    private void WritePath(EntryPath path)
    {
        var shared = path.Bytes.CommonPrefixLength(_previous.Bytes);
        WriteNumber((ulong)shared);
        WriteBytes(path.Bytes[shared..]);
        _previous = path;
    }

    private void WriteTime(Timestamp time)
    {
        Reserve(12);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_used), time.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_used + 8), time.Nanoseconds);
        _used += 12;
    }

    private void WriteAttributes(ExtendedAttributes attributes)
    {
        WriteNumber((ulong)attributes.Count);
        foreach (var attribute in attributes.Items)
        {
            WriteBytes(attribute.Name);
            WriteBytes(attribute.Value);
        }
    }

    private void WriteText(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(text, bytes, out var length))
            WriteBytes(bytes[..length]);
        else
            WriteBytes(Encoding.UTF8.GetBytes(text));
    }

    private void Reserve(int length)
    {
        if (_used + length <= _buffer.Length)
            return;
        _stream.Write(_buffer, 0, _used);
        _used = 0;
        if (length <= _buffer.Length)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(length);
    }
}
