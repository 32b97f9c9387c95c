using System.Text;
using Holdfast.Core.Model;
using static Holdfast.Volumes.Tar.TarFormat;

namespace Holdfast.Volumes.Tar;

/// <summary>
/// Writes a pax archive as a stream. Names, link targets and attribute values are bytes, which System.Formats.Tar cannot
/// hold. GNU tar and bsdtar read it; docs/formats/volumes.md says which keywords are used.
/// </summary>
/// <remarks>Per member: <see cref="Begin"/>, the data by <see cref="Write"/>, <see cref="End"/>. Not for several threads.</remarks>
internal sealed class TarWriter(Stream output)
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly PaxRecords _pax = new();
    private readonly byte[] _header = new byte[BlockSize];
    private long _expected;

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>True when a write failed: the archive is worth nothing any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Bytes of data the current member still needs.</summary>
    public long Missing => _expected;

    /// <summary>Writes the headers of a member; its data must follow.</summary>
    /// <returns>The position of its first header.</returns>
    public long Begin(TarMember member)
    {
        var start = Position;
        var entry = member.Entry;
        var map = member.Data is { } data ? SparseMap.Write(data, entry.Size) : [];
        var isFile = entry.Type == EntryType.File && member.HardLinkTo is null;
        var stored = isFile ? (member.Data?.Sum(d => d.Length) ?? entry.Size) + map.Length : 0;
        var name = NameOf(entry, member);

        Describe(member, name, stored);
        if (!_pax.IsEmpty)
            WritePax(entry.Path);
        WriteHeader(entry, member, name, stored, member.HardLinkTo is null ? TypeOf(entry.Type) : HardLink);
        WriteRaw(map);
        _expected = stored - map.Length;
        return start;
    }

    /// <summary>Writes data of the member.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _expected)
            throw new InvalidOperationException("The member's headers promise fewer bytes.");
        WriteRaw(bytes);
        _expected -= bytes.Length;
    }

    /// <summary>Writes zeros in the place of data that is not there.</summary>
    public void WriteZeros(long count)
    {
        for (; count > 0; count -= Math.Min(count, Zeros.Length))
            Write(Zeros.AsSpan(0, (int)Math.Min(count, Zeros.Length)));
    }

    /// <summary>Ends the member.</summary>
    public void End()
    {
        if (_expected != 0)
            throw new InvalidOperationException($"The member lacks {_expected} bytes.");
        WriteRaw(Zeros.AsSpan(0, Padding(Position)));
    }

    /// <summary>Ends the archive with two empty blocks.</summary>
    public void Finish() => WriteRaw(Zeros.AsSpan(0, 2 * BlockSize));

    /// <summary>Path as tar shows it: the source itself is "./", folders end in '/'.</summary>
    private static byte[] PathOf(Entry entry) =>
        entry.Path.IsRoot ? "./"u8.ToArray() : entry.Type == EntryType.Folder ? [.. entry.Path.Bytes, (byte)'/'] : entry.Path.Bytes.ToArray();

    private static byte[] NameOf(Entry entry, TarMember member) =>
        // Readers that know no holes unpack the file, map and all, under this name (as GNU tar's own are called).
        member.Data is null ? PathOf(entry) : entry.Path.Parent.Child("GNUSparseFile.0"u8).Child(entry.Path.Name).Bytes.ToArray();

    private void Describe(TarMember member, byte[] name, long stored)
    {
        var entry = member.Entry;
        _pax.Clear();
        if (!IsText(entry.Path.Bytes) || !IsText(entry.LinkTarget) || !IsText(member.HardLinkTo is { } l ? l.Bytes : default))
            _pax.Add("hdrcharset", "BINARY"u8);
        if (member.IsAboutVolume)
            _pax.Add("comment", Encoding.ASCII.GetBytes(AboutVolume));
        if (member.IsPart)
            _pax.Add("comment", Encoding.ASCII.GetBytes(Part));
        if (member.Data is not null)
        {
            _pax.Add("GNU.sparse.major", 1);
            _pax.Add("GNU.sparse.minor", 0);
            _pax.Add("GNU.sparse.name", PathOf(entry));
            _pax.Add("GNU.sparse.realsize", entry.Size);
        }
        if (!FitsPlainly(name, NameLength))
            _pax.Add("path", name);
        if (LinkOf(entry, member) is { } link && !FitsPlainly(link, LinkNameLength))
            _pax.Add("linkpath", link);
        if (stored > MostInEleven)
            _pax.Add("size", stored);
        if (entry.Modified.Nanoseconds != 0 || entry.Modified.Seconds is < 0 or > MostInEleven)
            _pax.Add("mtime", Encoding.ASCII.GetBytes(entry.Modified.ToString()));
        if (entry.UserId > MostInSeven)
            _pax.Add("uid", entry.UserId);
        if (entry.GroupId > MostInSeven)
            _pax.Add("gid", entry.GroupId);
        AddOwner("uname", entry.User);
        AddOwner("gname", entry.Group);
        if (entry.Device is { } device && (device.Major > MostInSeven || device.Minor > MostInSeven))
        {
            _pax.Add("SCHILY.devmajor", device.Major);
            _pax.Add("SCHILY.devminor", device.Minor);
        }
        // A further name shares what belongs to the inode.
        if (member.HardLinkTo is null)
            AddAttributes(entry.Attributes);
    }

    private void AddAttributes(ExtendedAttributes attributes)
    {
        foreach (var attribute in attributes.Items)
        {
            _pax.Add([.. Encoding.ASCII.GetBytes(AttributePrefix), .. AttributeName.Encode(attribute.Name)], attribute.Value);
            if (AclText.KeywordOf(attribute.Name) is { } keyword && AclText.TryWrite(attribute.Value) is { } text)
                _pax.Add(keyword, text);
        }
    }

    private void AddOwner(string keyword, string? name)
    {
        if (name is not null && !FitsPlainly(Encoding.UTF8.GetBytes(name), OwnerNameLength - 1))
            _pax.Add(keyword, Encoding.UTF8.GetBytes(name));
    }

    private static byte[]? LinkOf(Entry entry, TarMember member) => member.HardLinkTo is { } first ? first.Bytes.ToArray() : entry.LinkTarget;

    private static bool FitsPlainly(ReadOnlySpan<byte> bytes, int most) => bytes.Length <= most && Ascii.IsValid(bytes);

    // bsdtar would compose decomposed letters, were it not told that names are bytes.
    private static bool IsText(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes);

    private void WritePax(EntryPath path)
    {
        var records = _pax.Bytes;
        Array.Clear(_header);
        "PaxHeaders/"u8.CopyTo(_header);
        // Only readers that know no pax ever show this name.
        var name = path.Name;
        for (var i = 0; i < name.Length && i < 80; i++)
            _header[11 + i] = name[i] is >= 0x21 and < 0x7F ? name[i] : (byte)'_';
        Fill(mode: 0x1A4, userId: 0, groupId: 0, records.Length, time: 0, PaxHeader);
        WriteRaw(_header);
        WriteRaw(records);
        WriteRaw(Zeros.AsSpan(0, Padding(records.Length)));
    }

    private void WriteHeader(Entry entry, TarMember member, byte[] name, long stored, byte type)
    {
        Array.Clear(_header);
        Cut(name, NameLength).CopyTo(_header);
        if (LinkOf(entry, member) is { } link)
            Cut(link, LinkNameLength).CopyTo(_header.AsSpan(LinkNameAt));
        CopyOwner(entry.User, UserAt);
        CopyOwner(entry.Group, GroupAt);
        if (entry.Device is { } device)
        {
            WriteOctal(_header.AsSpan(MajorAt, 8), Math.Min(device.Major, MostInSeven));
            WriteOctal(_header.AsSpan(MinorAt, 8), Math.Min(device.Minor, MostInSeven));
        }
        Fill(entry.Mode, Math.Min(entry.UserId, MostInSeven), Math.Min(entry.GroupId, MostInSeven), Math.Min(stored, MostInEleven), Math.Clamp(entry.Modified.Seconds, 0, MostInEleven), type);
        WriteRaw(_header);
    }

    private void CopyOwner(string? name, int at)
    {
        if (name is not null && Encoding.UTF8.GetBytes(name) is var bytes && FitsPlainly(bytes, OwnerNameLength - 1))
            bytes.CopyTo(_header.AsSpan(at));
    }

    private void Fill(int mode, long userId, long groupId, long size, long time, byte type)
    {
        WriteOctal(_header.AsSpan(ModeAt, 8), mode);
        WriteOctal(_header.AsSpan(UserIdAt, 8), userId);
        WriteOctal(_header.AsSpan(GroupIdAt, 8), groupId);
        WriteOctal(_header.AsSpan(SizeAt, 12), size);
        WriteOctal(_header.AsSpan(TimeAt, 12), time);
        _header[TypeAt] = type;
        Magic.CopyTo(_header.AsSpan(MagicAt));
        "00"u8.CopyTo(_header.AsSpan(MagicAt + 6));
        WriteOctal(_header.AsSpan(ChecksumAt, 7), Checksum(_header));
        _header[ChecksumAt + 7] = (byte)' ';
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, int most) => bytes.Length <= most ? bytes : bytes[..most];

    private void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        var wasBroken = IsBroken;
        IsBroken = true;
        output.Write(bytes);
        IsBroken = wasBroken;
        Position += bytes.Length;
    }
}
