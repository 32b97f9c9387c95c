using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Tests.Record;

/// <summary>Lines of a record with everything that may stand in one, and with what stands at the edges of it.</summary>
internal static class RandomLines
{
    public static readonly ChangeKind[] Kinds = [ChangeKind.New, ChangeKind.Changed, ChangeKind.Metadata, ChangeKind.Moved, ChangeKind.Deleted];

    public static readonly EntryType[] Types = Enum.GetValues<EntryType>();

    private static readonly long[] Seconds = [0, 1, -1, -2_147_483_648, 4_294_967_296, 253_402_300_800, long.MaxValue, long.MinValue];
    private static readonly int[] Nanoseconds = [0, 1, 500_000_000, 999_999_999];
    private static readonly long[] Sizes = [0, 1, 4096, 1L << 32, long.MaxValue];
    private static readonly uint[] Owners = [0, 1, 65534, 1u << 31, uint.MaxValue];

    private static readonly byte[][] Pieces =
    [
        .. new[] { "a", "Z", " ", "\n", "\r", "\t", "\"", "'", "\\", "%", "%41", "\\u0041", "\\", "<&+>", "{", "}", ":", ",", "=", "\u00e9", "\u65e5", "\U0001f9ca", "\u2028", "\u00a0", "\ufeff", "\ufdd0", "\ue000", "\u200b", "\x7f", "\x01", "\x1b" }
            .Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90], [0x80],
    ];

    /// <summary>Lines with different paths, in path order.</summary>
    public static IReadOnlyList<RecordLine> Sorted(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Line(random, i == 0 ? EntryPath.Root : Path(random))).DistinctBy(l => l.Path).OrderBy(l => l.Path)];

    /// <summary>One component, never empty, "." or "..".</summary>
    public static byte[] Name(Random random)
    {
        byte[] name = [.. Enumerable.Range(0, random.Next(1, 8)).SelectMany(_ => random.Next(3) == 0 ? [(byte)random.Next(1, 256)] : Pieces[random.Next(Pieces.Length)]).Where(b => b != '/')];
        return name.All(b => b == '.') ? [.. name, (byte)'x'] : name;
    }

    public static EntryPath Path(Random random)
    {
        var path = EntryPath.Root;
        for (var depth = random.Next(1, 5); depth > 0; depth--)
            path = path.Child(random.Next(3) == 0 ? "a"u8 : Name(random));
        return path;
    }

    private static RecordLine Line(Random random, EntryPath path)
    {
        var kind = Pick(random, Kinds);
        var type = Pick(random, Types);
        var entry = new Entry
        {
            Path = path,
            Type = type,
            Size = type == EntryType.File ? Pick(random, Sizes) : 0,
            Modified = new Timestamp(Pick(random, Seconds), Pick(random, Nanoseconds)),
            Mode = random.Next(0x1000),
            UserId = Pick(random, Owners),
            GroupId = Pick(random, Owners),
            User = random.Next(3) == 0 ? null : "ann \"\\%\n\u00e9\U0001f9ca"[..random.Next(7)],
            Group = random.Next(3) == 0 ? null : "staff",
            Content = type == EntryType.File ? new ContentId(Bytes(random, ContentId.Size)) : null,
            LinkTarget = type == EntryType.Symlink ? Enumerable.Range(0, random.Next(1, 600)).SelectMany(_ => Name(random)).ToArray() : null,
            Device = type is EntryType.CharDevice or EntryType.BlockDevice ? new DeviceNumber(Pick(random, Owners), Pick(random, Owners)) : null,
            LinkedWith = random.Next(4) == 0 ? Path(random) : null,
            IsSparse = random.Next(4) == 0,
            IsMountPoint = random.Next(4) == 0,
            Tracked = random.Next(4) != 0,
            Attributes = ExtendedAttributes.From(Enumerable.Range(0, random.Next(4)).Select(i => new ExtendedAttribute([.. Encoding.ASCII.GetBytes($"user.{i}"), .. Name(random)], Bytes(random, random.Next(2) * random.Next(4000))))),
        };
        return new RecordLine(kind, entry, kind == ChangeKind.Moved ? Path(random) : null);
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
