using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>
/// An open folder, and everything that can be done below it. All paths are relative to it; symlinks at the end of a path
/// are never followed. Every operation throws <see cref="FileSystemException"/> with the path and the system's error.
/// </summary>
/// <remarks>
/// Durability: nothing is durable before <see cref="Barrier"/> (everything done so far on this file system, by anyone) or
/// <see cref="SyncFolder"/> (the names in one folder). Implementations may be used by many threads at once.
/// </remarks>
public interface IFolder : IFolderReader, IDisposable
{
    /// <summary>Opens a folder below this one, for reading and writing.</summary>
    new IFolder OpenFolder(EntryPath path);

    /// <summary>Creates a file that must not exist. The process's umask takes bits off <paramref name="mode"/>.</summary>
    IFileWriter CreateFile(EntryPath path, int mode);

    /// <summary>Opens a file to write on in it, creating it when it is not there; what it holds stays. Never follows a symlink.</summary>
    IFileWriter ContinueFile(EntryPath path, int mode);

    /// <summary>Creates a folder that must not exist. Parents must exist.</summary>
    void CreateFolder(EntryPath path, int mode);

    /// <summary>Creates a symbolic link.</summary>
    void CreateSymlink(EntryPath path, ReadOnlySpan<byte> target);

    /// <summary>Creates a FIFO, socket name or device file.</summary>
    void CreateSpecial(EntryPath path, EntryType type, int mode, DeviceNumber device);

    /// <summary>Gives the file at <paramref name="path"/> a second name in <paramref name="toFolder"/>, which must be of the same kind and file system.</summary>
    void Link(EntryPath path, IFolder toFolder, EntryPath toPath);

    /// <summary>Renames. With <paramref name="replace"/> a file there is replaced in one step; without it an existing name is an error.</summary>
    void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace);

    /// <summary>Removes a name that is not a folder.</summary>
    void Remove(EntryPath path);

    /// <summary>Removes an empty folder.</summary>
    void RemoveFolder(EntryPath path);

    /// <summary>Sets the twelve permission bits; not for symlinks.</summary>
    void SetMode(EntryPath path, int mode);

    /// <summary>Sets owner and group.</summary>
    void SetOwner(EntryPath path, uint userId, uint groupId);

    /// <summary>Sets mtime; atime is left alone.</summary>
    void SetModified(EntryPath path, Timestamp modified);

    /// <summary>Sets one extended attribute.</summary>
    void SetAttribute(EntryPath path, ExtendedAttribute attribute);

    /// <summary>Removes one extended attribute.</summary>
    void RemoveAttribute(EntryPath path, ReadOnlySpan<byte> name);

    /// <summary>Makes the names in one folder durable (fsync of the folder).</summary>
    void SyncFolder(EntryPath path);

    /// <summary>Makes everything done so far on this file system durable (syncfs). Throws when any write failed to reach the disk.</summary>
    void Barrier();

    /// <summary>
    /// Takes a lock that dies with its process on a file, creating it; null when another process has it.
    /// <paramref name="holder"/> is written into the file, for people.
    /// </summary>
    IDisposable? TryLock(EntryPath path, string holder);
}
