using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>
/// A target that can say which files hold a content and go on doing so when the source is deleted: what <c>safe</c> asks.
/// Of a mirror these are the files of its snapshots, never its current file; a library answers with what was uploaded, volumes
/// with their last good copies; a sync partner has none.
/// </summary>
public interface ICopies
{
    /// <summary>The copies of some contents, out of the place's own records, read now and in one pass.</summary>
    /// <exception cref="HoldfastException">A record cannot be read.</exception>
    IEnumerable<Copy> CopiesOf(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken);

    /// <summary>Looks at a copy in the place now. Its contents are read only when size and time leave a doubt.</summary>
    CopyState Look(Copy copy);

    /// <summary>
    /// Why copies here go when a file goes that lies in a folder or below it; null when they do not. Asked of each folder above a
    /// file, for the place's job may stand in another config than this one, or in none.
    /// </summary>
    string? GoesWith(IFolderReader folder) => null;

    /// <summary>Opens a copy so that it is read from the disk, not from memory.</summary>
    /// <exception cref="FileSystemException">It cannot be opened.</exception>
    IFileReader OpenCopy(Copy copy);
}
