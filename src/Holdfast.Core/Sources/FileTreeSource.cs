using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Sources;

/// <summary>The files of one or several folders: scanned in path order, opened by path. Nothing is ever written to them.</summary>
public sealed class FileTreeSource : IDisposable
{
    private readonly List<(SourceRoot Root, IFolderReader? Folder, FileSystemException? Error)> _roots = [];
    private readonly List<(EntryPath Prefix, FileSystemTraits Traits)> _traits = [];
    private readonly Owners _owners = new();

    /// <summary>Opens the folders. One that cannot be opened is unknown in the scan; when none can, this throws.</summary>
    /// <exception cref="HoldfastException">No folder of the source is there.</exception>
    public FileTreeSource(IReadOnlyList<string> paths, Func<string, IFolderReader> open)
    {
        foreach (var root in SourceRoot.Of(paths, path => SourceRoot.IsFile(path, open)))
        {
            try
            {
                var folder = open(root.Folder);
                _traits.Add((root.Prefix, folder.Traits));
                _roots.Add((root with { IsMountPoint = IsMountPoint(root, folder, open) }, folder, null));
            }
            catch (FileSystemException e)
            {
                _roots.Add((root, null, e));
            }
        }
        if (_roots.TrueForAll(r => r.Folder is null))
        {
            var error = _roots[0].Error!;
            throw new HoldfastException(
                ErrorKind.Failed,
                $"the source is not there: {error.Message}.",
                "Nothing was changed. Is its disk mounted?",
                error);
        }
    }

    /// <summary>The folders and what became of opening them.</summary>
    public IEnumerable<SourceRoot> Roots => _roots.Select(r => r.Root);

    /// <summary>True when reading several files at once is slower.</summary>
    public bool Rotational => _traits.Exists(t => t.Traits.Rotational);

    /// <summary>What the file system of the folder that a path lies in is known to do.</summary>
    public FileSystemTraits TraitsOf(EntryPath path)
    {
        for (var i = 1; i < _traits.Count; i++)
            if (path.IsAtOrUnder(_traits[i].Prefix))
                return _traits[i].Traits;
        return _traits[0].Traits;
    }

    /// <summary>What earlier runs left for later; null when <c>min_age</c> postpones without end.</summary>
    public PostponedFiles? Postponed { get; set; }

    /// <summary>Walks everything once, in path order. Extended attributes are not read yet.</summary>
    public IEnumerable<ScanItem> Scan(ScanRules rules, ScanCounters counters, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var links = new LinkGroups();
        foreach (var (root, folder, error) in _roots)
        {
            if (folder is null)
            {
                yield return new UnknownPath(root.Prefix, WithSubtree: true, error!.Message, IsFailure: true) { IsDenied = error is FileSystemException { IsDenied: true } };
                continue;
            }
            var scan = new TreeScan(root, folder, rules, counters, links, _owners, now, Postponed);
            foreach (var item in scan.Walk(cancellationToken))
                yield return item;
        }
    }

    /// <summary>Opens a file of the source.</summary>
    public IFileReader OpenFile(EntryPath path)
    {
        var (folder, below) = Locate(path);
        return folder.OpenFile(below);
    }

    /// <summary>The entry with its extended attributes.</summary>
    public Entry WithAttributes(Entry entry)
    {
        var (folder, below) = Locate(entry.Path);
        var attributes = folder.ReadAttributes(below);
        return attributes.Count == 0 && entry.Attributes.Count == 0 ? entry : entry with { Attributes = attributes };
    }

    /// <summary>False only when the system says that there is nothing at the path.</summary>
    public bool Has(EntryPath path)
    {
        try
        {
            var (folder, below) = Locate(path);
            return folder.TryStat(below) is not null;
        }
        catch (FileSystemException e)
        {
            return !e.IsNotFound;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, folder, _) in _roots)
            folder?.Dispose();
    }

    private (IFolderReader Folder, EntryPath Below) Locate(EntryPath path)
    {
        foreach (var (root, folder, error) in _roots)
            if (path.IsAtOrUnder(root.Prefix))
                return folder is null ? throw error! : (folder, root.OnlyName is null ? path.RelativeTo(root.Prefix) : path);
        throw new ArgumentException($"'{path}' lies in no folder of this source.", nameof(path));
    }

    private static bool IsMountPoint(SourceRoot root, IFolderReader folder, Func<string, IFolderReader> open)
    {
        if (root.OnlyName is not null || Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(root.Folder)) is not { Length: > 0 } above)
            return false;
        try
        {
            using var parent = open(above);
            var (inside, outside) = (folder.Stat(EntryPath.Root), parent.Stat(EntryPath.Root));
            return inside.Device != outside.Device || inside.Mount != outside.Mount;
        }
        catch (FileSystemException)
        {
            return false; // A folder that may be entered below one that may not be read.
        }
    }
}
