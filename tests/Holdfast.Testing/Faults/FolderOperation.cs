namespace Holdfast.Testing.Faults;

/// <summary>Everything that can be asked of a folder or of a file opened in it.</summary>
public enum FolderOperation
{
    OpenFolder,
    List,
    Stat,
    OpenFile,
    ReadSymlink,
    ReadAttributes,
    Read,
    NextData,

    // From here on: what changes the disk, and counts as a mutation.
    CreateFile,
    CreateFolder,
    CreateSymlink,
    CreateSpecial,
    Link,
    Rename,
    Remove,
    RemoveFolder,
    SetMode,
    SetOwner,
    SetModified,
    SetAttribute,
    RemoveAttribute,
    Write,
    SetSize,
    Reserve,
    Clone,
    SyncFile,
    SyncFolder,
    Barrier,
    Lock,
}
