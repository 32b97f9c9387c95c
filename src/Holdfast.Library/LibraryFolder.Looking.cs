using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Reading;

namespace Holdfast.Library;

/// <summary>What lies in it, looked at now.</summary>
public sealed partial class LibraryFolder
{
    /// <summary>A file that lies there now, or null.</summary>
    public FileStat? FileAt(EntryPath path)
    {
        if (path.IsRoot || LibraryLayout.IsOurs(path))
            return null;
        // A symlink to a folder may lead out of the library, so what lies behind it is no part of it.
        for (var folder = path.Parent; !folder.IsRoot; folder = folder.Parent)
            if (_place.TryStat(folder) is not { Type: EntryType.Folder })
                return null;
        return _place.TryStat(path) is { Type: EntryType.File } stat ? stat : null;
    }

    /// <summary>Opens a file; null when none lies there now.</summary>
    public IFileReader? OpenAt(EntryPath path)
    {
        try
        {
            return FileAt(path) is null ? null : _place.OpenFile(path);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// A page of the files at or below a path, in path order, from after a path on. It may hold none while <c>Last</c> says
    /// where the next page begins; null at the end.
    /// </summary>
    /// <param name="under">Where; the root for all.</param>
    /// <param name="after">The last path of the page before; null for the first.</param>
    /// <param name="search">Only paths with this in them, whatever the case; null for all.</param>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) Files(EntryPath under, EntryPath? after, string? search) => _now.Page(under, after, search);

    /// <summary>A page of what lies in a folder itself, files and folders; null as <c>Last</c> at the end.</summary>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) Children(EntryPath folder, EntryPath? after) => _now.Children(folder, after);

    /// <summary>Whether a file has this content, as of the last scan and upload; nothing is looked at.</summary>
    public bool Knows(ContentId content) => _index.FilesOf(content).Count > 0;

    /// <summary>How many files there are, as of the last scan and upload.</summary>
    public long FileCount => _index.FileCount;

    /// <summary>Who uploaded anything, in which jobs.</summary>
    public IReadOnlyList<(string Client, IReadOnlyList<string> Jobs)> Clients() => [.. _index.Clients().Select(c => (c, _index.JobsOf(c)))];

    /// <summary>What a client's job uploaded under a name; null for nothing.</summary>
    public Entry? Uploaded(string client, string job, EntryPath path) => _index.NameAt(client, job, path);

    /// <summary>What a client's job uploaded into a folder itself, in path order; folders also where only their files were brought.</summary>
    public IEnumerable<Entry> UploadedIn(string client, string job, EntryPath folder) => UploadedNames.In(_index, client, job, folder);

    /// <summary>Counts, as of the last scan and upload.</summary>
    public LibraryStatistics Statistics() => _index.Statistics();

    /// <summary>True when a path is as it was when it was hashed, or is gone and was not known: a scan would find nothing there.</summary>
    public bool IsAsKnown(EntryPath path)
    {
        if (LibraryLayout.IsOurs(path))
            return true;
        return _place.TryStat(path) switch
        {
            { Type: EntryType.Folder } => false, // It may have been moved here with everything in it.
            { Type: EntryType.File } now => _index.FileAt(path)?.IsUntouched(now, _place.Traits.StableIdentity) == true,
            _ => !_index.HasAtOrUnder(path),
        };
    }
}
