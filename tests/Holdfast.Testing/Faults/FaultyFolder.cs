using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.Faults;

/// <summary>A folder in which things go wrong as a <see cref="FaultPlan"/> says.</summary>
public sealed class FaultyFolder : FolderDecorator
{
    private readonly FaultPlan _plan;
    private readonly EntryPath _above;

    internal FaultyFolder(FaultPlan plan, IFolder inner, EntryPath above)
        : base(inner)
    {
        _plan = plan;
        _above = above;
    }

    public override IFolder OpenFolder(EntryPath path) =>
        Try(FolderOperation.OpenFolder, path, () => new FaultyFolder(_plan, Inner.OpenFolder(path), path.Under(_above)));

    public override FolderListing List() => Try(FolderOperation.List, EntryPath.Root, Inner.List);

    public override FileStat Stat(EntryPath path) => Try(FolderOperation.Stat, path, () => Inner.Stat(path));

    public override FileStat StatName(ReadOnlySpan<byte> nulTerminatedName)
    {
        var name = nulTerminatedName.ToArray();
        return Try(FolderOperation.Stat, EntryPath.From(nulTerminatedName[..^1]), () => Inner.StatName(name));
    }

    public override FileStat? TryStat(EntryPath path) => Try(FolderOperation.Stat, path, () => Inner.TryStat(path));

    public override IFileReader OpenFile(EntryPath path) =>
        Try(FolderOperation.OpenFile, path, () => new FaultyReader(_plan, Inner.OpenFile(path), Display, path.Under(_above)));

    public override byte[] ReadSymlink(EntryPath path) => Try(FolderOperation.ReadSymlink, path, () => Inner.ReadSymlink(path));

    public override ExtendedAttributes ReadAttributes(EntryPath path) => Try(FolderOperation.ReadAttributes, path, () => Inner.ReadAttributes(path));

    public override IFileWriter CreateFile(EntryPath path, int mode) =>
        Try(FolderOperation.CreateFile, path, () => new FaultyWriter(_plan, Inner.CreateFile(path, mode), Display, path.Under(_above)));

    public override IFileWriter ContinueFile(EntryPath path, int mode) =>
        Try(FolderOperation.CreateFile, path, () => new FaultyWriter(_plan, Inner.ContinueFile(path, mode), Display, path.Under(_above)));

    public override void CreateFolder(EntryPath path, int mode) => Try(FolderOperation.CreateFolder, path, () => Inner.CreateFolder(path, mode));

    public override void CreateSymlink(EntryPath path, ReadOnlySpan<byte> target)
    {
        var bytes = target.ToArray();
        Try(FolderOperation.CreateSymlink, path, () => Inner.CreateSymlink(path, bytes));
    }

    public override void CreateSpecial(EntryPath path, EntryType type, int mode, DeviceNumber device) =>
        Try(FolderOperation.CreateSpecial, path, () => Inner.CreateSpecial(path, type, mode, device));

    public override void Link(EntryPath path, IFolder toFolder, EntryPath toPath) =>
        Try(FolderOperation.Link, path, () => base.Link(path, toFolder, toPath), toPath.Under(((FaultyFolder)toFolder)._above));

    public override void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace) =>
        Try(FolderOperation.Rename, path, () => base.Rename(path, toFolder, toPath, replace), toPath.Under(((FaultyFolder)toFolder)._above));

    public override void Remove(EntryPath path) => Try(FolderOperation.Remove, path, () => Inner.Remove(path));

    public override void RemoveFolder(EntryPath path) => Try(FolderOperation.RemoveFolder, path, () => Inner.RemoveFolder(path));

    public override void SetMode(EntryPath path, int mode) => Try(FolderOperation.SetMode, path, () => Inner.SetMode(path, mode));

    public override void SetOwner(EntryPath path, uint userId, uint groupId) =>
        Try(FolderOperation.SetOwner, path, () => Inner.SetOwner(path, userId, groupId));

    public override void SetModified(EntryPath path, Timestamp modified) => Try(FolderOperation.SetModified, path, () => Inner.SetModified(path, modified));

    public override void SetAttribute(EntryPath path, ExtendedAttribute attribute) =>
        Try(FolderOperation.SetAttribute, path, () => Inner.SetAttribute(path, attribute));

    public override void RemoveAttribute(EntryPath path, ReadOnlySpan<byte> name)
    {
        var bytes = name.ToArray();
        Try(FolderOperation.RemoveAttribute, path, () => Inner.RemoveAttribute(path, bytes));
    }

    public override void SyncFolder(EntryPath path) => Try(FolderOperation.SyncFolder, path, () => Inner.SyncFolder(path));

    public override void Barrier() => Try(FolderOperation.Barrier, EntryPath.Root, Inner.Barrier);

    public override IDisposable? TryLock(EntryPath path, string holder)
    {
        var held = Try(FolderOperation.Lock, path, () => Inner.TryLock(path, holder));
        if (held is not null)
            _plan.Holds(held);
        return held;
    }

    private T Try<T>(FolderOperation operation, EntryPath path, Func<T> action, EntryPath? other = null) =>
        Attempt.Run(_plan, operation, Display, path.Under(_above), other, action);

    private void Try(FolderOperation operation, EntryPath path, Action action, EntryPath? other = null) => Try<object?>(operation, path, () =>
    {
        action();
        return null;
    }, other);
}
