using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>What a library holds now, whole or an error.</summary>
internal sealed class LibraryFiles
{
    private LibraryFiles()
    {
    }

    /// <summary>Files with their contents.</summary>
    public Dictionary<EntryPath, Entry> Files { get; } = [];

    /// <summary>Files that somebody writes to, that lie on a disk that is not mounted, and those that the folder's rules leave out: nothing is done to them.</summary>
    public HashSet<EntryPath> Unknown { get; } = [];

    public static async Task<LibraryFiles> ReadAsync(ISyncedLibrary library, FolderScan scan, CancellationToken cancellationToken)
    {
        var there = new LibraryFiles();
        EntryPath? after = null;
        do
        {
            (var page, after) = await library.PageAsync(after, cancellationToken);
            foreach (var file in page)
                if (file.Content is null || !scan.Takes(file.Size))
                    there.Unknown.Add(file.Path);
                else
                    there.Files[file.Path] = file;
        }
        while (after is not null);
        return there;
    }
}
