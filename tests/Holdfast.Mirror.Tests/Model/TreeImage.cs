using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Tests.Model;

/// <summary>A small tree in memory: path → everything about it, in one line. The model that mirrors and snapshots are compared with.</summary>
internal sealed partial class TreeImage
{
    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);

    /// <summary>Inode → its names, for files.</summary>
    public Dictionary<ulong, List<string>> Names { get; } = [];

    public static TreeImage Of(string path)
    {
        var image = new TreeImage();
        using var folder = LocalFolders.OpenForReading(path);
        var root = folder.Stat(EntryPath.Root);
        image._lines.Add(".", Line(EntryType.Folder, root.Mode, root.Modified, ""));
        foreach (var (below, stat) in FolderTree.Walk(folder))
        {
            if (stat.Type == EntryType.File)
                image.Names.TryAdd(stat.Inode, []);
            if (stat.Type == EntryType.File)
                image.Names[stat.Inode].Add(below.ToString());
            var leader = stat.Type == EntryType.File ? image.Names[stat.Inode][0] : "";
            image._lines.Add(below.ToString(), Line(stat.Type, stat.Mode, stat.Modified, stat.Type switch
            {
                EntryType.File => $"{leader} {Read(folder.OpenFile(below))}",
                EntryType.Symlink => Encoding.UTF8.GetString(folder.ReadSymlink(below)),
                _ => "",
            }));
        }
        return image;
    }

    public static TreeImage Of(ISnapshots snapshots, Snapshot snapshot)
    {
        var image = new TreeImage();
        foreach (var found in snapshots.Entries(snapshot, EntryPath.Root, CancellationToken.None))
        {
            var entry = found.Entry;
            image._lines.Add(entry.Path.ToString(), Line(entry.Type, entry.Mode, entry.Modified, entry.Type switch
            {
                EntryType.File => $"{entry.LinkedWith ?? entry.Path} {Read(snapshots.Open(found))}",
                EntryType.Symlink => Encoding.UTF8.GetString(entry.LinkTarget!),
                _ => "",
            }));
        }
        return image;
    }

    /// <summary>The part of it that lies at some paths.</summary>
    public TreeImage Where(Func<string, bool> path)
    {
        var part = new TreeImage();
        foreach (var (at, line) in _lines.Where(l => path(l.Key)))
            part._lines.Add(at, line);
        return part;
    }

    public IEnumerable<string> Paths => _lines.Keys;

    public bool Has(string path) => _lines.ContainsKey(path);

    public bool IsFile(string path) => _lines.TryGetValue(path, out var line) && line.StartsWith("File ", StringComparison.Ordinal);

    /// <summary>True when a path is there in both and everything about it is the same.</summary>
    public bool Same(string path, TreeImage other) => _lines.TryGetValue(path, out var line) && other._lines.TryGetValue(path, out var there) && line == there;

    /// <summary>The same without mode, time and which other names the file has.</summary>
    public bool SameContents(string path, TreeImage other) =>
        _lines.TryGetValue(path, out var line) && other._lines.TryGetValue(path, out var there) && Contents(line) == Contents(there);

    private static string Contents(string line) => string.Join(' ', Leader().Replace(line, "").Split(' ') is [var type, _, _, .. var rest] ? [type, .. rest] : []);

    /// <param name="actual">What is there.</param>
    /// <param name="links">False to pass over which names are one file.</param>
    public IEnumerable<string> Differences(TreeImage actual, bool links = true)
    {
        if (!links)
            return WithoutLinks().Differences(actual.WithoutLinks());
        return from path in _lines.Keys.Union(actual._lines.Keys)
               let wanted = _lines.GetValueOrDefault(path, "absent")
               let there = actual._lines.GetValueOrDefault(path, "absent")
               where wanted != there
               select $"{path}: should be {wanted}, is {there}";
    }

    private TreeImage WithoutLinks()
    {
        var image = new TreeImage();
        foreach (var (path, line) in _lines)
            image._lines.Add(path, Leader().Replace(line, ""));
        return image;
    }

    // File 644 1700000000.000000000 the/leader contents
    [System.Text.RegularExpressions.GeneratedRegex("(?<=^File \\d+ -?\\d+\\.\\d+ )[^ ]+(?= )")]
    private static partial System.Text.RegularExpressions.Regex Leader();

    private static string Line(EntryType type, int mode, Timestamp modified, string rest) =>
        string.Create(CultureInfo.InvariantCulture, $"{type} {Convert.ToString(mode, 8)} {modified} {rest}");

    private static string Read(IFileReader file)
    {
        using (file)
        {
            var bytes = new byte[file.Stat().Size];
            return Encoding.UTF8.GetString(bytes, 0, file.Read(0, bytes));
        }
    }
}
