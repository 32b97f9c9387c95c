using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Core.Model;

/// <summary>Reads what <see cref="EntryWriter"/> wrote.</summary>
public sealed class EntryReader : IDisposable
{
    private readonly Stream _stream;
    private readonly Dictionary<int, List<string>> _names = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _at;
    private int _end;
    private byte[] _path = new byte[4096];
    private int _pathLength;

    /// <summary>Reads a stream, which it owns.</summary>
    public EntryReader(Stream stream) => _stream = stream;

    /// <summary>True when nothing follows.</summary>
    public bool AtEnd => _at == _end && !Fill(1);

    /// <summary>Reads one entry.</summary>
    /// <exception cref="EndOfStreamException">The data ends within the entry.</exception>
    public Entry Read() => Read(under: null);

    /// <summary>Reads one entry, which then has the given path instead of the one it was written with.</summary>
    /// <exception cref="EndOfStreamException">The data ends within the entry.</exception>
    public Entry Read(EntryPath? under)
    {
        var flags = (EntryFields)ReadNumber();
        var type = (EntryType)ReadByte();
        var written = ReadPath();
        var path = under ?? written;
        var size = (long)ReadNumber();
        var modified = ReadTime();
        var mode = (int)ReadNumber();
        var user = (uint)ReadNumber();
        var group = (uint)ReadNumber();
        return new Entry
        {
            Path = path,
            Type = type,
            Size = size,
            Modified = modified,
            Mode = mode,
            UserId = user,
            GroupId = group,
            User = flags.HasFlag(EntryFields.User) ? ReadName() : null,
            Group = flags.HasFlag(EntryFields.Group) ? ReadName() : null,
            LinkTarget = flags.HasFlag(EntryFields.LinkTarget) ? ReadBytes().ToArray() : null,
            Device = flags.HasFlag(EntryFields.Device) ? new DeviceNumber((uint)ReadNumber(), (uint)ReadNumber()) : null,
            Attributes = flags.HasFlag(EntryFields.Attributes) ? ReadAttributes() : ExtendedAttributes.None,
            LinkedWith = flags.HasFlag(EntryFields.LinkedWith) ? EntryPath.From(ReadBytes()) : null,
            IsMountPoint = flags.HasFlag(EntryFields.MountPoint),
            Content = flags.HasFlag(EntryFields.Content) ? new ContentId(Take(ContentId.Size)) : null,
            Tracked = flags.HasFlag(EntryFields.Tracked),
            Identity = flags.HasFlag(EntryFields.Identity) ? ReadIdentity(flags.HasFlag(EntryFields.Born)) : null,
            IsSparse = flags.HasFlag(EntryFields.Sparse),
        };
    }

    /// <summary>Reads a number.</summary>
    public ulong ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = ReadByte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
        throw new InvalidDataException("A number has more than 64 bits.");
    }

    /// <summary>Reads one byte.</summary>
    public byte ReadByte()
    {
        if (_at == _end && !Fill(1))
            throw new EndOfStreamException();
        return _buffer[_at++];
    }

    /// <summary>Reads a length and that many bytes, good until the next call.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take(checked((int)ReadNumber()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _at = _end = 0;
    }

    private EntryPath ReadPath()
    {
        var shared = (int)ReadNumber();
        var rest = ReadBytes();
        if (shared > _pathLength)
            throw new InvalidDataException("A path shares more bytes with the one before than that has.");
        if (shared + rest.Length > _path.Length)
            Array.Resize(ref _path, shared + rest.Length + 4096);
        rest.CopyTo(_path.AsSpan(shared));
        _pathLength = shared + rest.Length;
        return EntryPath.From(_path.AsSpan(0, _pathLength));
    }

    private FileIdentity ReadIdentity(bool born)
    {
        var device = ReadNumber();
        var inode = ReadNumber();
        var changed = ReadTime();
        return new FileIdentity(device, inode, born ? ReadTime() : null, changed);
    }

    private Timestamp ReadTime()
    {
        var bytes = Take(12);
        return new Timestamp(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
    }

    private ExtendedAttributes ReadAttributes()
    {
        var attributes = new ExtendedAttribute[(int)ReadNumber()];
        for (var i = 0; i < attributes.Length; i++)
            attributes[i] = new ExtendedAttribute(ReadBytes().ToArray(), ReadBytes().ToArray());
        return ExtendedAttributes.From(attributes);
    }

    // The same few owners stand in every entry; one string each is enough.
    private string ReadName()
    {
        var bytes = ReadBytes();
        if (!_names.TryGetValue(bytes.Length, out var sameLength))
            _names[bytes.Length] = sameLength = [];
        foreach (var name in sameLength)
            if (EqualAscii(name, bytes))
                return name;
        var text = Encoding.UTF8.GetString(bytes);
        sameLength.Add(text);
        return text;
    }

    private static bool EqualAscii(string text, ReadOnlySpan<byte> bytes) => System.Text.Ascii.Equals(bytes, text);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_end - _at < length && !Fill(length))
            throw new EndOfStreamException();
        _at += length;
        return _buffer.AsSpan(_at - length, length);
    }

    private bool Fill(int wanted)
    {
        var rest = _end - _at;
        if (wanted > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(wanted);
            _buffer.AsSpan(_at, rest).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_at, rest).CopyTo(_buffer);
        }
        _at = 0;
        _end = rest;
        while (_end < wanted)
        {
            var got = _stream.Read(_buffer, _end, _buffer.Length - _end);
            if (got == 0)
                return false;
            _end += got;
        }
        return true;
    }
}
