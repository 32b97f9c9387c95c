using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests.Scenes;

/// <summary>What a snapshot says, in the words of <see cref="TreeState"/>: every entry with its metadata, every file with the hash of the bytes it gives.</summary>
internal static class SnapshotState
{
    public static TreeState Of(ISnapshots snapshots, Snapshot snapshot)
    {
        var entries = snapshots.Entries(snapshot, EntryPath.Root, TestContext.Current.CancellationToken).ToList();
        var groups = entries.Where(e => e.Entry.LinkedWith is not null).GroupBy(e => e.Entry.LinkedWith!.Value).ToDictionary(g => g.Key, g => g.Select(e => e.Entry.Path).Append(g.Key).Distinct().Count());
        var found = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var entry in entries)
            found.Add(Quoted(entry.Entry.Path), Fields(snapshots, entry, groups));
        return TreeState.Of(found);
    }

    /// <summary>Every difference between a snapshot and the tree as it was read when the snapshot was made.</summary>
    public static IReadOnlyList<string> Differences(ISnapshots snapshots, Snapshot snapshot, TreeState then) => TreeState.Differences(then, Of(snapshots, snapshot));

    private static SortedDictionary<string, string> Fields(ISnapshots snapshots, SnapshotEntry found, Dictionary<EntryPath, int> groups)
    {
        var entry = found.Entry;
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = entry.Type switch
            {
                EntryType.CharDevice => "char",
                EntryType.BlockDevice => "block",
                var type => type.ToString().ToLowerInvariant(),
            },
            ["mode"] = Convert.ToString(entry.Mode, 8).PadLeft(4, '0'),
            ["owner"] = $"{entry.UserId}:{entry.GroupId}",
            ["mtime"] = ((Int128)entry.Modified.Seconds * 1_000_000_000 + entry.Modified.Nanoseconds).ToString(CultureInfo.InvariantCulture),
        };
        if (entry.Type == EntryType.File)
        {
            fields["size"] = entry.Size.ToString(CultureInfo.InvariantCulture);
            fields["sha256"] = HashOf(snapshots, found);
            (entry.Content?.ToString()).ShouldBe(fields["sha256"], $"the record's hash of {entry.Path}");
        }
        if (entry.LinkTarget is { } target)
            fields["target"] = Quote(target);
        if (entry.Device is { } device)
            fields["device"] = $"{device.Major},{device.Minor}";
        if (groups.TryGetValue(entry.LinkedWith ?? entry.Path, out var names) && names > 1)
            fields["linked"] = Quoted(entry.LinkedWith ?? entry.Path);
        foreach (var attribute in entry.Attributes.Items)
            fields["xattr " + Quote(attribute.Name)] = Convert.ToHexStringLower(attribute.Value);
        return fields;
    }

    private static string HashOf(ISnapshots snapshots, SnapshotEntry entry)
    {
        using var file = snapshots.Open(entry);
        return Convert.ToHexStringLower(SHA256.HashData(new FileReadStream(file)));
    }

    private static string Quoted(EntryPath path) => path.IsRoot ? "." : Quote(path.Bytes);

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
            _ = b is > 32 and < 127 and not (byte)'\\' ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        return text.ToString();
    }
}
