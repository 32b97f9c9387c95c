using Holdfast.Testing.Machines;

namespace Holdfast.Testing.Trees;

/// <summary>
/// Everything about every path of a real tree: type, mode, owner, mtime in nanoseconds, size and SHA-256, symlink target,
/// device number, link group, attributes and ACLs. Read by python3, not by Holdfast. Paths are relative, with bytes outside
/// printable ASCII, spaces and backslashes as \xNN; the tree itself is ".".
/// </summary>
public sealed class TreeState : IEquatable<TreeState>
{
    private TreeState(SortedDictionary<string, SortedDictionary<string, string>> entries)
    {
        Entries = entries;
        // A file whose other names all lie outside the tree is linked with nothing in it.
        foreach (var alone in entries.Values.Where(f => f.ContainsKey("linked")).GroupBy(f => f["linked"], StringComparer.Ordinal).Where(g => g.Count() == 1).Select(g => g.Single()))
            alone.Remove("linked");
    }

    /// <summary>Path → field → value. Fields: type, mode, owner, mtime, size, sha256, target, device, linked, "xattr NAME".</summary>
    public SortedDictionary<string, SortedDictionary<string, string>> Entries { get; }

    /// <summary>Makes a state of what was read otherwise, to be compared.</summary>
    public static TreeState Of(SortedDictionary<string, SortedDictionary<string, string>> entries) => new(entries);

    /// <summary>Reads a tree.</summary>
    /// <param name="asRoot">False: as an ordinary user sees it.</param>
    public static TreeState Read(string path, bool asRoot = true)
    {
        Peer.Require("python3");
        var entries = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var line in TreeScript.Run(!asRoot, "state", path).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('\t');
            var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in parts[1..])
            {
                var equals = field.StartsWith("xattr ", StringComparison.Ordinal) ? field.LastIndexOf('=') : field.IndexOf('=');
                fields.Add(field[..equals], field[(equals + 1)..]);
            }
            entries.Add(parts[0], fields);
        }
        return new TreeState(entries);
    }

    /// <summary>What differs, one line a path and field; empty for equal trees.</summary>
    /// <param name="ignore">Fields that do not count.</param>
    public static IReadOnlyList<string> Differences(TreeState expected, TreeState actual, params IReadOnlyCollection<string> ignore)
    {
        var lines = new List<string>();
        foreach (var path in expected.Entries.Keys.Union(actual.Entries.Keys).Order(StringComparer.Ordinal))
        {
            if (!actual.Entries.TryGetValue(path, out var there))
                lines.Add($"{path}: is missing");
            else if (!expected.Entries.TryGetValue(path, out var wanted))
                lines.Add($"{path}: should not be there ({there["type"]})");
            else
                foreach (var field in wanted.Keys.Union(there.Keys).Except(ignore))
                    if (wanted.GetValueOrDefault(field, "none") is var w && there.GetValueOrDefault(field, "none") is var t && w != t)
                        lines.Add($"{path}: {field} should be {w}, is {t}");
        }
        return lines;
    }

    public bool Equals(TreeState? other) => other is not null && Differences(this, other).Count == 0;

    public override bool Equals(object? obj) => Equals(obj as TreeState);

    public override int GetHashCode() => Entries.Count;
}
