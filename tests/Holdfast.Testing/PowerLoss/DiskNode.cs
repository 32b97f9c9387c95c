using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>An inode in memory. Belongs to one image; an image that wants to change a node of another one copies it first.</summary>
internal sealed class DiskNode(DiskImage owner, EntryType type)
{
    private bool _dataIsShared;
    private byte[] _data = [];

    public DiskImage Owner { get; } = owner;

    public EntryType Type { get; } = type;

    public byte[]? LinkTarget { get; init; }

    public DeviceNumber Device { get; init; }

    /// <summary>The names in a folder.</summary>
    public Dictionary<EntryPath, int> Names { get; private init; } = [];

    /// <summary>Everything but mtime, in the order it was changed: a chmod means something else before an ACL than after.</summary>
    public List<MetadataChange> Metadata { get; private init; } = [];

    /// <summary>Null when something changed after it was last set, so that it is the time of that change.</summary>
    public Timestamp? Modified { get; set; }

    public int Size { get; private set; }

    public ReadOnlySpan<byte> Data => _data.AsSpan(0, Size);

    public DiskNode CopyFor(DiskImage image)
    {
        _dataIsShared = true;
        return new DiskNode(image, Type)
        {
            LinkTarget = LinkTarget,
            Device = Device,
            Names = new(Names),
            Metadata = [.. Metadata],
            Modified = Modified,
            Size = Size,
            _data = _data,
            _dataIsShared = true,
        };
    }

    public void Change(MetadataChange change)
    {
        if (change is MetadataChange.Modified modified)
            Modified = modified.Time;
        else
            Metadata.Add(change);
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        var end = checked((int)(position + bytes.Length));
        Own(end);
        bytes.CopyTo(_data.AsSpan((int)position));
        Size = Math.Max(Size, end);
        Modified = null;
    }

    public void SetSize(long size)
    {
        var wanted = checked((int)size);
        Own(wanted);
        if (wanted < Size)
            _data.AsSpan(wanted, Size - wanted).Clear();
        Size = wanted;
        Modified = null;
    }

    private void Own(int capacity)
    {
        if (!_dataIsShared && capacity <= _data.Length)
            return;
        var own = new byte[Math.Max(capacity > _data.Length ? Math.Max(capacity, Math.Min(_data.Length * 2, capacity + (1 << 20))) : 0, Size)];
        if (own.Length < capacity)
            own = new byte[capacity];
        Data.CopyTo(own);
        _data = own;
        _dataIsShared = false;
    }
}
