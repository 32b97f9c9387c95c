using Holdfast.Core.FileSystem.Linux;

namespace Holdfast.Core.FileSystem;

/// <summary>Opens folders of this machine.</summary>
public static class LocalFolders
{
    /// <summary>Opens a folder to read and write below it. Symlinks on the way are followed, as people mean them.</summary>
    /// <exception cref="FileSystemException">It is not there, not a folder, or not to be opened.</exception>
    public static IFolder Open(string path) => LinuxFolder.Open(path);

    /// <summary>Opens a folder to read below it only.</summary>
    /// <exception cref="FileSystemException">It is not there, not a folder, or not to be opened.</exception>
    public static IFolderReader OpenForReading(string path) => LinuxFolder.Open(path);

    /// <summary>Creates a folder and its parents where missing, and opens it.</summary>
    /// <exception cref="FileSystemException">A part of the path is not a folder or cannot be created.</exception>
    public static IFolder Create(string path)
    {
        LinuxFolder.CreateAll(path);
        return LinuxFolder.Open(path);
    }
}
