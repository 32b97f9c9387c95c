using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.Folders;

/// <summary>An <see cref="IFolder"/> around another one; passes everything on. The base of the kit's folders.</summary>
public abstract class FolderDecorator(IFolder inner) : IFolder
{
    public IFolder Inner { get; } = inner;

    public virtual string Display => Inner.Display;

    public virtual FileSystemTraits Traits => Inner.Traits;

    public abstract IFolder OpenFolder(EntryPath path);

    IFolderReader IFolderReader.OpenFolder(EntryPath path) => OpenFolder(path);

    public virtual FolderListing List() => Inner.List();

    public virtual FileStat Stat(EntryPath path) => Inner.Stat(path);

    public virtual FileStat StatName(ReadOnlySpan<byte> nulTerminatedName) => Inner.StatName(nulTerminatedName);

    public virtual FileStat? TryStat(EntryPath path) => Inner.TryStat(path);

    public virtual IFileReader OpenFile(EntryPath path) => Inner.OpenFile(path);

    public virtual byte[] ReadSymlink(EntryPath path) => Inner.ReadSymlink(path);

    public virtual ExtendedAttributes ReadAttributes(EntryPath path) => Inner.ReadAttributes(path);

    public virtual IFileWriter CreateFile(EntryPath path, int mode) => Inner.CreateFile(path, mode);

    public virtual IFileWriter ContinueFile(EntryPath path, int mode) => Inner.ContinueFile(path, mode);

    public virtual void CreateFolder(EntryPath path, int mode) => Inner.CreateFolder(path, mode);

    public virtual void CreateSymlink(EntryPath path, ReadOnlySpan<byte> target) => Inner.CreateSymlink(path, target);

    public virtual void CreateSpecial(EntryPath path, EntryType type, int mode, DeviceNumber device) => Inner.CreateSpecial(path, type, mode, device);

    public virtual void Link(EntryPath path, IFolder toFolder, EntryPath toPath) => Inner.Link(path, InnerOf(toFolder), toPath);

    public virtual void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace) => Inner.Rename(path, InnerOf(toFolder), toPath, replace);

    public virtual void Remove(EntryPath path) => Inner.Remove(path);

    public virtual void RemoveFolder(EntryPath path) => Inner.RemoveFolder(path);

    public virtual void SetMode(EntryPath path, int mode) => Inner.SetMode(path, mode);

    public virtual void SetOwner(EntryPath path, uint userId, uint groupId) => Inner.SetOwner(path, userId, groupId);

    public virtual void SetModified(EntryPath path, Timestamp modified) => Inner.SetModified(path, modified);

    public virtual void SetAttribute(EntryPath path, ExtendedAttribute attribute) => Inner.SetAttribute(path, attribute);

    public virtual void RemoveAttribute(EntryPath path, ReadOnlySpan<byte> name) => Inner.RemoveAttribute(path, name);

    public virtual void SyncFolder(EntryPath path) => Inner.SyncFolder(path);

    public virtual void Barrier() => Inner.Barrier();

    public virtual IDisposable? TryLock(EntryPath path, string holder) => Inner.TryLock(path, holder);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Inner.Dispose();
    }

    /// <summary>The other side of a link or a rename must be decorated the same way, as a real folder's must be of the same file system.</summary>
    protected IFolder InnerOf(IFolder folder) =>
        folder is FolderDecorator decorator && decorator.GetType() == GetType()
            ? decorator.Inner
            : throw new ArgumentException($"{folder.GetType().Name} is not a {GetType().Name}: both folders must be of one kind.", nameof(folder));
}
