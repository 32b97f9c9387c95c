using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Reading;

/// <summary>Whether a library's files go with those of a folder, or are the same. Both sides of a sync say so themselves, so no config needs to be known.</summary>
internal static class GoesWith
{
    /// <param name="folder">The folder.</param>
    /// <param name="library">The library's id.</param>
    /// <param name="isCopyOf">True for the ids of libraries that this one is a copy of.</param>
    /// <returns>Why; null when they do not.</returns>
    public static string? Of(IFolderReader folder, string library, Func<string, bool> isCopyOf)
    {
        if (SyncMark.Read(folder, library) is not null)
            return "the file's folder is kept the same with it ('mode: sync'), so it goes with the file";
        if (PlaceMarker.TryRead(folder) is not { Layout: LibraryLayout.Name, Id: var origin })
            return null;
        // Over a network share the library's own files look like others on another disk.
        if (origin == library)
            return "the file lies in this very library, so this is the file itself";
        return isCopyOf(origin)
            ? "it lies in a copy of the library that the file lies in, and goes with it ('library replicate')"
            : null;
    }
}
