using System.Globalization;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Volumes.Codec;
using static Holdfast.Volumes.Tar.TarFormat;

namespace Holdfast.Volumes.Tar;

/// <summary>
/// Reads a tar archive as a stream: what <see cref="TarWriter"/>, GNU tar (gnu and posix) and bsdtar write. Every header's
/// checksum is compared.
/// </summary>
internal sealed class TarReader(Stream input)
{
    // Attributes of a file may take 64 KiB each on ext4 and xfs; a header beyond this is damage.
    private const int LargestHeader = 64 * 1024 * 1024;

    private readonly byte[] _block = new byte[BlockSize];
    private readonly byte[] _skipped = new byte[64 * 1024];
    private readonly Dictionary<string, byte[]> _global = new(StringComparer.Ordinal);
    private readonly XxHash64 _hash = new();
    private long _left;
    private int _padding;
    private bool _isPaddingZero = true;

    /// <summary>XXH64 of what lies before the headers of the current member.</summary>
    public ulong ChecksumBefore { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>The next member, or null at the end of the archive. Data of the one before that was not read is skipped.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    public TarMember? Next()
    {
        Skip(_left);
        SkipPadding(_padding);
        (_left, _padding) = (0, 0);
        var records = new Dictionary<string, byte[]>(_global, StringComparer.Ordinal);
        var start = Position;
        ChecksumBefore = _hash.Finish();
        while (true)
        {
            Fill(_block);
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
                return null;
            if (ReadNumber(_block.AsSpan(ChecksumAt, 8)) != Checksum(_block))
                throw new InvalidDataException($"the tar header at byte {Position - BlockSize} is damaged");
            var size = ReadNumber(_block.AsSpan(SizeAt, 12));
            switch (_block[TypeAt])
            {
                case PaxHeader:
                    Read(TakeBytes(size), records);
                    continue;
                case PaxGlobal:
                    Read(TakeBytes(size), _global);
                    Read(new Dictionary<string, byte[]>(_global, StringComparer.Ordinal), records);
                    continue;
                case GnuLongName:
                    records["path"] = UpToNul(TakeBytes(size)).ToArray();
                    continue;
                case GnuLongLink:
                    records["linkpath"] = UpToNul(TakeBytes(size)).ToArray();
                    continue;
                default:
                    return Member(records, start, size);
            }
        }
    }

    /// <summary>Reads data of the current member; 0 at its end. Of a file with holes, only the data stretches.</summary>
    /// <exception cref="EndOfStreamException">The archive ends too early.</exception>
    public int Read(Span<byte> buffer)
    {
        if (_left == 0)
            return 0;
        var got = input.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        if (got == 0)
            throw new EndOfStreamException($"the archive ends at byte {Position}, within a member");
        _hash.Append(buffer[..got]);
        Position += got;
        _left -= got;
        return got;
    }

    /// <summary>Reads on to the end of the stream: what follows the archive is padding.</summary>
    /// <returns>True when all padding, between members and after them, is zeros.</returns>
    public bool DrainZeros()
    {
        var areZeros = true;
        for (int got; (got = input.Read(_skipped)) > 0;)
            areZeros &= !_skipped.AsSpan(0, got).ContainsAnyExcept((byte)0);
        return areZeros && _isPaddingZero;
    }

    private TarMember Member(Dictionary<string, byte[]> records, long start, long size)
    {
        var type = _block[TypeAt];
        if (records.TryGetValue("size", out var large))
            size = Number(large);
        var hasData = type is RegularFile or OldFile or Contiguous;
        _left = hasData || type is not (HardLink or Symlink or CharDevice or BlockDevice or Folder or Fifo) ? size : 0;
        _padding = Padding(_left);
        var entry = EntryOf(records, type, size);
        var member = new TarMember(entry)
        {
            Position = start,
            HardLinkTo = type == HardLink ? PathFrom(LinkName(records)) : null,
            IsAboutVolume = records.TryGetValue("comment", out var comment) && comment.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(AboutVolume)),
            IsPart = comment is not null && comment.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(Part)),
            DataLength = _left,
        };
        return records.ContainsKey("GNU.sparse.major") ? WithMap(member, records) : member;
    }

    private TarMember WithMap(TarMember member, Dictionary<string, byte[]> records)
    {
        if (Number(records["GNU.sparse.major"]) != 1 || !records.TryGetValue("GNU.sparse.name", out var name) || !records.TryGetValue("GNU.sparse.realsize", out var real))
            throw new InvalidDataException("a file with holes is written in a form other than GNU.sparse 1.0");
        var (data, length) = SparseMap.Read(block =>
        {
            if (_left < BlockSize)
                throw new InvalidDataException("the map of a file with holes is cut off");
            for (var filled = 0; filled < block.Length;)
                filled += Read(block[filled..]);
        });
        return member with
        {
            Entry = member.Entry with { Path = PathFrom(name), Size = Number(real), IsSparse = true },
            Data = data,
            DataLength = member.DataLength - length,
        };
    }

    private Entry EntryOf(Dictionary<string, byte[]> records, byte type, long size)
    {
        var modified = records.TryGetValue("mtime", out var time)
            ? Timestamp.Parse(Encoding.ASCII.GetString(time))
            : new Timestamp(ReadNumber(_block.AsSpan(TimeAt, 12)), 0);
        return new Entry
        {
            Path = PathFrom(Name(records)),
            Type = EntryTypeOf(type),
            Size = type is RegularFile or OldFile or Contiguous ? size : 0,
            Modified = modified,
            Mode = (int)ReadNumber(_block.AsSpan(ModeAt, 8)) & 0xFFF,
            UserId = (uint)(records.TryGetValue("uid", out var uid) ? Number(uid) : ReadNumber(_block.AsSpan(UserIdAt, 8))),
            GroupId = (uint)(records.TryGetValue("gid", out var gid) ? Number(gid) : ReadNumber(_block.AsSpan(GroupIdAt, 8))),
            User = Owner(records, "uname", UserAt),
            Group = Owner(records, "gname", GroupAt),
            LinkTarget = type == Symlink ? LinkName(records) : null,
            Device = type is CharDevice or BlockDevice ? DeviceOf(records) : null,
            Attributes = AttributesOf(records),
        };
    }

    private static EntryType EntryTypeOf(byte type) => type switch
    {
        Symlink => EntryType.Symlink,
        CharDevice => EntryType.CharDevice,
        BlockDevice => EntryType.BlockDevice,
        Folder => EntryType.Folder,
        Fifo => EntryType.Fifo,
        _ => EntryType.File, // POSIX: an unknown type is a file.
    };

    private DeviceNumber DeviceOf(Dictionary<string, byte[]> records) => new(
        (uint)(records.TryGetValue("SCHILY.devmajor", out var major) ? Number(major) : ReadNumber(_block.AsSpan(MajorAt, 8))),
        (uint)(records.TryGetValue("SCHILY.devminor", out var minor) ? Number(minor) : ReadNumber(_block.AsSpan(MinorAt, 8))));

    private static ExtendedAttributes AttributesOf(Dictionary<string, byte[]> records)
    {
        List<ExtendedAttribute>? attributes = null;
        foreach (var (keyword, value) in records)
            if (keyword.StartsWith(AttributePrefix, StringComparison.Ordinal))
                (attributes ??= []).Add(new ExtendedAttribute(AttributeName.Decode(Encoding.Latin1.GetBytes(keyword[AttributePrefix.Length..])), value));
        return attributes is null ? ExtendedAttributes.None : ExtendedAttributes.From(attributes);
    }

    private byte[] Name(Dictionary<string, byte[]> records)
    {
        if (records.TryGetValue("path", out var path))
            return path;
        var name = UpToNul(_block.AsSpan(0, NameLength));
        var prefix = _block.AsSpan(MagicAt, 6).SequenceEqual(Magic) ? UpToNul(_block.AsSpan(PrefixAt, PrefixLength)) : default;
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    private byte[] LinkName(Dictionary<string, byte[]> records) =>
        records.TryGetValue("linkpath", out var link) ? link : UpToNul(_block.AsSpan(LinkNameAt, LinkNameLength)).ToArray();

    private string? Owner(Dictionary<string, byte[]> records, string keyword, int at)
    {
        var name = records.TryGetValue(keyword, out var value) ? value : UpToNul(_block.AsSpan(at, OwnerNameLength));
        return name.IsEmpty ? null : Encoding.UTF8.GetString(name);
    }

    private static EntryPath PathFrom(byte[] name)
    {
        try
        {
            return EntryPath.From(name);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static long Number(byte[] value) =>
        long.TryParse(Encoding.ASCII.GetString(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"'{Encoding.Latin1.GetString(value)}' is no number of a pax header");

    /// <summary>Keywords are kept as Latin-1, so that none of their bytes is lost.</summary>
    private static void Read(ReadOnlySpan<byte> bytes, Dictionary<string, byte[]> records)
    {
        while (!bytes.IsEmpty)
        {
            var space = bytes.IndexOf((byte)' ');
            if (space < 1 || !int.TryParse(Encoding.ASCII.GetString(bytes[..space]), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > bytes.Length || length < space + 3)
                throw new InvalidDataException("a pax header is damaged");
            var record = bytes[(space + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 0 || bytes[length - 1] != (byte)'\n')
                throw new InvalidDataException("a pax header is damaged");
            records[Encoding.Latin1.GetString(record[..equals])] = record[(equals + 1)..].ToArray();
            bytes = bytes[length..];
        }
    }

    private static void Read(Dictionary<string, byte[]> from, Dictionary<string, byte[]> records)
    {
        foreach (var (keyword, value) in from)
            records.TryAdd(keyword, value);
    }

    private byte[] TakeBytes(long size)
    {
        if (size is < 0 or > LargestHeader)
            throw new InvalidDataException($"a header of {size} bytes is damage");
        var bytes = new byte[size];
        Fill(bytes);
        SkipPadding(Padding(size));
        return bytes;
    }

    private void SkipPadding(int count)
    {
        var padding = _skipped.AsSpan(0, count);
        Fill(padding);
        _isPaddingZero &= !padding.ContainsAnyExcept((byte)0);
    }

    private void Skip(long count)
    {
        while (count > 0)
        {
            var part = (int)Math.Min(count, _skipped.Length);
            Fill(_skipped.AsSpan(0, part));
            count -= part;
        }
    }

    private void Fill(Span<byte> bytes)
    {
        var got = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        _hash.Append(bytes[..got]);
        Position += got;
        if (got < bytes.Length)
            throw new EndOfStreamException($"the archive ends at byte {Position}, before its end mark");
    }
}
