using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Repairing;

/// <summary>The source as it is now: a file that was not changed since still has what the place lost.</summary>
/// <param name="sources">The folders and files of the source, absolute paths.</param>
public sealed class SourceDonor(IReadOnlyList<string> sources) : IContentDonor
{
    /// <inheritdoc/>
    public IEnumerable<OfferedContent> Offer(IReadOnlyCollection<WantedContent> wanted, CancellationToken cancellationToken)
    {
        foreach (var root in SourceRoot.Of(sources, path => SourceRoot.IsFile(path, LocalFolders.OpenForReading)))
        {
            if (TryOpen(root.Folder) is not { } opened)
                continue;
            using var folder = opened;
            foreach (var content in wanted)
                foreach (var path in content.Paths.Where(p => p.IsAtOrUnder(root.Prefix)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var below = root.OnlyName is { } name ? EntryPath.From(name) : path.RelativeTo(root.Prefix);
                    if (TryStat(folder, below) is { Type: EntryType.File } stat && stat.Size == content.Size)
                        yield return new OfferedContent(content.Content, $"{Path.TrimEndingDirectorySeparator(root.Folder)}/{below}", () => folder.OpenFile(below));
                }
        }
    }

    private static IFolderReader? TryOpen(string path)
    {
        try
        {
            return LocalFolders.OpenForReading(path);
        }
        catch (FileSystemException)
        {
            return null; // The disk the source was on may be what went bad.
        }
    }

    private static FileStat? TryStat(IFolderReader folder, EntryPath path)
    {
        try
        {
            return folder.TryStat(path);
        }
        catch (FileSystemException)
        {
            return null;
        }
    }
}
