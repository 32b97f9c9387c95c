using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources;

/// <summary>Single files of a source by their paths, as far as it can be reached; no rules apply.</summary>
public sealed class SourceFiles : IDisposable
{
    private readonly List<(SourceRoot Root, IFolderReader Folder)> _roots = [];

    /// <param name="sources">The folders and files of the source, absolute paths.</param>
    public SourceFiles(IReadOnlyList<string> sources)
    {
        foreach (var root in SourceRoot.Of(sources, path => SourceRoot.IsFile(path, LocalFolders.OpenForReading)))
            try
            {
                _roots.Add((root, LocalFolders.OpenForReading(root.Folder)));
            }
            catch (FileSystemException)
            {
                // Not there now; its paths are not found.
            }
    }

    /// <summary>Metadata of a path; null when there is none, or none that can be looked at.</summary>
    public FileStat? TryStat(EntryPath path)
    {
        try
        {
            return Find(path) is { } found ? found.Folder.TryStat(found.Below) : null;
        }
        catch (FileSystemException)
        {
            return null;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileSystemException">It cannot be read.</exception>
    public IFileReader Open(EntryPath path) =>
        Find(path) is { } found ? found.Folder.OpenFile(found.Below) : throw new ArgumentException($"'{path}' lies in no folder of this source.", nameof(path));

    /// <inheritdoc/>
    public void Dispose() => _roots.ForEach(r => r.Folder.Dispose());

    private (IFolderReader Folder, EntryPath Below)? Find(EntryPath path)
    {
        foreach (var (root, folder) in _roots)
            if (path.IsAtOrUnder(root.Prefix))
                return (folder, root.OnlyName is { } name ? EntryPath.From(name) : path.RelativeTo(root.Prefix));
        return null;
    }
}
