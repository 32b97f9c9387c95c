using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources;

/// <summary>One folder (or single file) of a source, and where its entries lie in the source's paths.</summary>
/// <param name="Prefix">The root for a single folder; the folder's name when there are several.</param>
/// <param name="Folder">The absolute path of the folder that is opened.</param>
/// <param name="OnlyName">For a single file: its name in that folder.</param>
public sealed record SourceRoot(EntryPath Prefix, string Folder, byte[]? OnlyName)
{
    /// <summary>True when the folder is on another file system than the folder that holds it, so that it may be gone one day.</summary>
    public bool IsMountPoint { get; init; }

    /// <summary>Lays several paths side by side under their names, in path order. A single folder is the root itself.</summary>
    /// <exception cref="HoldfastException">Two of them have the same name.</exception>
    public static IReadOnlyList<SourceRoot> Of(IReadOnlyList<string> paths, Func<string, bool> isFile)
    {
        if (paths.Count == 1 && !isFile(paths[0]))
            return [new SourceRoot(EntryPath.Root, paths[0], null)];

        var roots = paths.Select(path => One(path, isFile(path))).OrderBy(r => r.Prefix).ToList();
        for (var i = 1; i < roots.Count; i++)
            if (roots[i].Prefix == roots[i - 1].Prefix)
                throw new HoldfastException(
                    ErrorKind.Usage,
                    $"two sources are called '{roots[i].Prefix}'.",
                    "Give each a job of its own, or back up the folder that holds both.");
        return roots;
    }

    private static SourceRoot One(string path, bool isFile)
    {
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)));
        if (name.Length == 0)
            throw new HoldfastException(ErrorKind.Usage, $"'{path}' has no name to stand beside other sources.", "Back it up in a job of its own.");
        return isFile
            ? new SourceRoot(EntryPath.From(name), Path.GetDirectoryName(path) ?? "/", name)
            : new SourceRoot(EntryPath.From(name), path, null);
    }

    /// <summary>True for a file, opened by its folder; false also for what cannot be looked at.</summary>
    public static bool IsFile(string path, Func<string, IFolderReader> open)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
        if (parent is null)
            return false;
        try
        {
            using var folder = open(parent);
            return folder.TryStat(EntryPath.From(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)))) is { Type: EntryType.File };
        }
        catch (FileSystemException)
        {
            return false;
        }
    }
}
