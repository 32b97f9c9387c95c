using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Tar;

/// <summary>What a tar header looks like: POSIX.1-2001 (pax), "ustar Interchange Format".</summary>
internal static class TarFormat
{
    public const int BlockSize = 512;
    public const int NameLength = 100, LinkNameLength = 100, OwnerNameLength = 32;
    public const int ModeAt = 100, UserIdAt = 108, GroupIdAt = 116, SizeAt = 124, TimeAt = 136, ChecksumAt = 148, TypeAt = 156;
    public const int LinkNameAt = 157, MagicAt = 257, UserAt = 265, GroupAt = 297, MajorAt = 329, MinorAt = 337, PrefixAt = 345, PrefixLength = 155;
    public const byte RegularFile = (byte)'0', OldFile = 0, HardLink = (byte)'1', Symlink = (byte)'2', CharDevice = (byte)'3', BlockDevice = (byte)'4', Folder = (byte)'5', Fifo = (byte)'6', Contiguous = (byte)'7';
    public const byte PaxHeader = (byte)'x', PaxGlobal = (byte)'g', GnuLongName = (byte)'L', GnuLongLink = (byte)'K';

    /// <summary>Largest value of an 8-byte field: seven octal digits.</summary>
    public const long MostInSeven = 0x1F_FFFF;

    /// <summary>Largest value of a 12-byte field: eleven octal digits.</summary>
    public const long MostInEleven = 0x1_FFFF_FFFF;

    public static ReadOnlySpan<byte> Magic => "ustar\0"u8;

    // Keywords of other makers that both GNU tar and libarchive know.
    public const string AttributePrefix = "SCHILY.xattr.";

    /// <summary>What stands in the pax keyword "comment" of the members that describe the volume.</summary>
    public const string AboutVolume = "holdfast";

    /// <summary>The same of a part of a file.</summary>
    public const string Part = "holdfast part";

    /// <summary>Bytes to the next full block.</summary>
    public static int Padding(long length) => (int)((BlockSize - length % BlockSize) % BlockSize);

    public static byte TypeOf(EntryType type) => type switch
    {
        EntryType.File => RegularFile,
        EntryType.Folder => Folder,
        EntryType.Symlink => Symlink,
        EntryType.Fifo => Fifo,
        EntryType.CharDevice => CharDevice,
        EntryType.BlockDevice => BlockDevice,
        _ => throw new ArgumentException($"A tar archive cannot hold a {type}.", nameof(type)),
    };

    /// <summary>Sum of all bytes of the header, those of the checksum taken as spaces.</summary>
    public static int Checksum(ReadOnlySpan<byte> header)
    {
        // Twice for every file, so in words: eight sums of every eighth byte, which stay below 65,536.
        ulong even = 0, odd = 0;
        const ulong everyOther = 0x00FF_00FF_00FF_00FF;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(header[..BlockSize]))
        {
            even += word & everyOther;
            odd += (word >> 8) & everyOther;
        }
        var sum = SumOfWords(even) + SumOfWords(odd) + 8 * ' ';
        foreach (var b in header.Slice(ChecksumAt, 8))
            sum -= b;
        return sum;
    }

    private static int SumOfWords(ulong lanes) => (int)((lanes & 0xFFFF) + ((lanes >> 16) & 0xFFFF) + ((lanes >> 32) & 0xFFFF) + (lanes >> 48));

    /// <summary>Writes octal digits with leading zeros, ended by NUL.</summary>
    public static void WriteOctal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
    }

    /// <summary>Reads octal digits, or GNU's binary form (first bit set).</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static long ReadNumber(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return ReadBinary(field);
        long value = 0;
        foreach (var b in field.Trim(" \0"u8))
            value = b is >= (byte)'0' and <= (byte)'7' ? (value << 3) + (b - '0') : throw new InvalidDataException($"'{Encoding.Latin1.GetString(field)}' is no number of a tar header");
        return value;
    }

    /// <summary>Bytes up to the first NUL.</summary>
    public static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static long ReadBinary(ReadOnlySpan<byte> field)
    {
        long value = (field[0] & 0x40) != 0 ? -1 : 0;
        value = (value << 6) | (long)(field[0] & 0x3F);
        foreach (var b in field[1..])
            value = (value << 8) | b;
        return value;
    }
}
