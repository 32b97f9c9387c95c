using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>An open folder, read-only: all that a source needs.</summary>
public interface IFolderReader : IDisposable
{
    /// <summary>How messages call the folder: its absolute path.</summary>
    string Display { get; }

    /// <summary>Opens a folder below this one.</summary>
    IFolderReader OpenFolder(EntryPath path);

    /// <summary>The names in this folder, complete and sorted by bytes, or an error.</summary>
    FolderListing List();

    /// <summary>Metadata of an entry.</summary>
    FileStat Stat(EntryPath path);

    /// <summary>Metadata of an entry of this folder, by a NUL-terminated name out of its listing.</summary>
    FileStat StatName(ReadOnlySpan<byte> nulTerminatedName);

    /// <summary>Metadata of an entry, or null when the system says that there is none (other errors throw).</summary>
    FileStat? TryStat(EntryPath path);

    /// <summary>Opens a file for reading. Does not wait on a FIFO and does not follow a symlink.</summary>
    IFileReader OpenFile(EntryPath path);

    /// <summary>Where a symlink points.</summary>
    byte[] ReadSymlink(EntryPath path);

    /// <summary>All extended attributes the caller may see; none where the file system has none.</summary>
    ExtendedAttributes ReadAttributes(EntryPath path);

    /// <summary>What this file system is known to do and not to do. Costs one system call.</summary>
    FileSystemTraits Traits { get; }
}
