using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs;

/// <summary>
/// Refuses a source inside its own target, and the reverse: each run would copy the copies of the last one.
/// Folders are compared by device and inode on the way up to the root, so symlinks and bind mounts do not hide it.
/// </summary>
public static class SourceOverlap
{
    /// <summary>Compares every source with the target. What is not there yet is taken for the folder it will be made in.</summary>
    /// <param name="sources">Absolute paths of folders and files.</param>
    /// <param name="targetPath">The absolute path of the place.</param>
    /// <param name="open">Opens folders; null for this machine's.</param>
    /// <exception cref="HoldfastException">They overlap.</exception>
    public static void Check(IReadOnlyList<string> sources, string targetPath, Func<string, IFolderReader>? open = null)
    {
        open ??= LocalFolders.OpenForReading;
        var target = Ancestors.Of(targetPath, open);
        foreach (var source in sources)
        {
            var from = Ancestors.Of(source, open);
            if (from.Self is { } folder && target.Self == folder)
                throw Refusal($"the target '{targetPath}' is the source '{source}' itself.");
            if (from.Self is { } outer && target.All.Contains(outer))
                throw Refusal($"the target '{targetPath}' lies inside the source '{source}'.");
            if (target.Self is { } place && from.All.Contains(place))
                throw Refusal($"the source '{source}' lies inside the target '{targetPath}'.");
        }
    }

    private static HoldfastException Refusal(string what) =>
        new(ErrorKind.Usage, what, "Every run would copy the copies of the last one. Choose another folder.");

    /// <summary>A folder and those above it.</summary>
    /// <param name="Self">The path itself, when it is a folder that is there.</param>
    /// <param name="All">All folders from there, or from the first that is there, up to the root.</param>
    private sealed record Ancestors((ulong Device, ulong Inode)? Self, HashSet<(ulong Device, ulong Inode)> All)
    {
        // PATH_MAX holds no deeper path.
        private const int Deepest = 2048;

        public static Ancestors Of(string path, Func<string, IFolderReader> open)
        {
            var at = path;
            while (Identity(at, open) is null && at is not "/" and not "")
                at = Path.GetDirectoryName(at) ?? "/";
            var all = new HashSet<(ulong, ulong)>();
            var root = Identity("/", open);
            (ulong, ulong)? below = null;
            // ".." after the system has followed the symlinks is the true folder above. The root is its own parent; the
            // folder met before says whether this is the root or a bind mount of it. One that cannot be opened is passed.
            for (var (up, depth) = (at, 0); depth < Deepest; up += "/..", depth++)
            {
                var folder = Identity(up, open);
                if (folder is { } known)
                    all.Add(known);
                if (folder == root && below == root)
                    break;
                below = folder;
            }
            return new Ancestors(string.Equals(at, path, StringComparison.Ordinal) ? Identity(at, open) : null, all);
        }

        private static (ulong Device, ulong Inode)? Identity(string path, Func<string, IFolderReader> open)
        {
            try
            {
                using var folder = open(path);
                var stat = folder.Stat(EntryPath.Root);
                return (stat.Device, stat.Inode);
            }
            catch (FileSystemException)
            {
                return null;
            }
        }
    }
}
