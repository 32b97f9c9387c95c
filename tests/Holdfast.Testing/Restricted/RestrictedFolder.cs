using System.Text;
using System.Text.Unicode;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.Restricted;

/// <summary>A folder of an odd place: refuses what its <see cref="Restrictions"/> say, and shows what such a place would.</summary>
public sealed class RestrictedFolder : FolderDecorator
{
    private readonly Restrictions _limits;
    private readonly ulong _mount;

    public RestrictedFolder(IFolder inner, Restrictions limits)
        : this(inner, limits, (ulong)Random.Shared.NextInt64() >> 8)
    {
    }

    private RestrictedFolder(IFolder inner, Restrictions limits, ulong mount)
        : base(inner)
    {
        _limits = limits;
        _mount = mount;
    }

    public override FileSystemTraits Traits => _limits.Change(Inner.Traits);

    /// <summary>Opens a folder of this machine as such a place. Curried, it fits a <c>Func&lt;string, IFolder&gt;</c>.</summary>
    public static Func<string, IFolder> Opener(Restrictions limits) => path => new RestrictedFolder(LocalFolders.Open(path), limits);

    public override IFolder OpenFolder(EntryPath path) => new RestrictedFolder(Inner.OpenFolder(Resolve(path)), _limits, _mount);

    public override FileStat Stat(EntryPath path) => Show(Inner.Stat(Resolve(path)));

    public override FileStat StatName(ReadOnlySpan<byte> nulTerminatedName) => Show(Inner.StatName(nulTerminatedName));

    public override FileStat? TryStat(EntryPath path) => Inner.TryStat(Resolve(path)) is { } stat ? Show(stat) : null;

    public override IFileReader OpenFile(EntryPath path) => new RestrictedReader(this, Inner.OpenFile(Resolve(path)));

    public override byte[] ReadSymlink(EntryPath path) => Inner.ReadSymlink(Resolve(path));

    public override ExtendedAttributes ReadAttributes(EntryPath path) => _limits.NoAttributes ? ExtendedAttributes.None : Inner.ReadAttributes(Resolve(path));

    public override IFileWriter CreateFile(EntryPath path, int mode)
    {
        var real = Free("create", path);
        return new RestrictedWriter(this, _limits, Inner.CreateFile(real, mode), Shown(path));
    }

    public override void CreateFolder(EntryPath path, int mode) => Inner.CreateFolder(Free("create the folder", path), mode);

    public override void CreateSymlink(EntryPath path, ReadOnlySpan<byte> target)
    {
        Refuse(_limits.NoSymlinks, "create the symlink", path);
        Refuse(target.Length > _limits.MaximumTarget, "create the symlink", path, Errno.NameTooLong);
        Inner.CreateSymlink(Free("create the symlink", path), target);
    }

    public override void CreateSpecial(EntryPath path, EntryType type, int mode, DeviceNumber device)
    {
        Refuse(_limits.NoSpecials, "create the special file", path);
        Inner.CreateSpecial(Free("create the special file", path), type, mode, device);
    }

    public override void Link(EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        Refuse(_limits.NoHardLinks, "link", path);
        Refuse(Inner.TryStat(Resolve(path)) is { } stat && stat.Links >= _limits.MaximumLinks, "link", path, Errno.TooManyLinks);
        base.Link(Resolve(path), toFolder, ((RestrictedFolder)toFolder).Free("link", toPath));
    }

    public override void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace)
    {
        var to = (RestrictedFolder)toFolder;
        var target = to.Resolve(toPath);
        // Only its own new spelling may collide with a name.
        var isRespelled = target != toPath && Inner.TryStat(Resolve(path)) is { } mine && to.Inner.TryStat(target) is { } there && mine.Inode == there.Inode;
        base.Rename(Resolve(path), toFolder, isRespelled ? to.Inside(toPath) : to.Free("rename to", toPath), replace);
    }

    public override void Remove(EntryPath path) => Inner.Remove(Resolve(path));

    public override void RemoveFolder(EntryPath path) => Inner.RemoveFolder(Resolve(path));

    public override void SetMode(EntryPath path, int mode)
    {
        Refuse(_limits.NoOwners, "set the permissions of", path);
        Inner.SetMode(Resolve(path), mode);
    }

    public override void SetOwner(EntryPath path, uint userId, uint groupId)
    {
        Refuse(_limits.NoOwners, "set the owner of", path);
        Inner.SetOwner(Resolve(path), userId, groupId);
    }

    public override void SetModified(EntryPath path, Timestamp modified) => Inner.SetModified(Resolve(path), Coarse(modified));

    public override void SetAttribute(EntryPath path, ExtendedAttribute attribute)
    {
        Refuse(_limits.NoAttributes, "set an attribute of", path, Errno.NotSupported);
        Inner.SetAttribute(Resolve(path), attribute);
    }

    public override void RemoveAttribute(EntryPath path, ReadOnlySpan<byte> name)
    {
        Refuse(_limits.NoAttributes, "remove an attribute of", path, Errno.NotSupported);
        Inner.RemoveAttribute(Resolve(path), name);
    }

    public override void SyncFolder(EntryPath path) => Inner.SyncFolder(Resolve(path));

    public override IDisposable? TryLock(EntryPath path, string holder) => Inner.TryLock(Resolve(path), holder);

    internal Timestamp Coarse(Timestamp time)
    {
        if (_limits.TimeResolution <= 1)
            return time;
        var total = (Int128)time.Seconds * 1_000_000_000 + time.Nanoseconds;
        var rest = total % _limits.TimeResolution;
        total -= rest < 0 ? rest + _limits.TimeResolution : rest;
        var nanoseconds = (int)(total % 1_000_000_000);
        return nanoseconds < 0 ? new Timestamp((long)(total / 1_000_000_000) - 1, nanoseconds + 1_000_000_000) : new Timestamp((long)(total / 1_000_000_000), nanoseconds);
    }

    internal FileStat Show(FileStat stat)
    {
        stat = stat with { Modified = Coarse(stat.Modified) };
        if (_limits.NoOwners)
            stat = stat with { Mode = 0x1ed, UserId = 0, GroupId = 0 };
        if (_limits.UnstableIdentity)
            stat = stat with { Inode = stat.Inode ^ _mount, Changed = Coarse(stat.Changed), Born = null };
        return stat;
    }

    /// <summary>The path as it is spelled on the disk; the path itself when there is none.</summary>
    private EntryPath Resolve(EntryPath path)
    {
        if (!_limits.CaseInsensitive || path.IsRoot || Inner.TryStat(path) is not null)
            return path;
        var parent = Resolve(path.Parent);
        if (Inner.TryStat(parent) is not { Type: EntryType.Folder })
            return path;
        using var folder = Inner.OpenFolder(parent);
        var names = folder.List();
        for (var i = 0; i < names.Count; i++)
            if (Fold(names[i]) == Fold(path.Name))
                return parent.Child(names[i]);
        return parent.Child(path.Name);
    }

    private EntryPath Inside(EntryPath path) => Resolve(path.Parent).Child(path.Name);

    /// <summary>A name that the place can hold and that no other spelling of it takes.</summary>
    private EntryPath Free(string operation, EntryPath path)
    {
        Refuse(path.Name.Length > _limits.MaximumName, operation, path, Errno.NameTooLong);
        if (!CanHold(path.Name))
            throw new FileSystemException(operation, Shown(path), Errno.InvalidArgument);
        var real = Resolve(path);
        if (!real.Name.SequenceEqual(path.Name))
            throw new FileSystemException(operation, Shown(path), Errno.Exists);
        return real;
    }

    private bool CanHold(ReadOnlySpan<byte> name)
    {
        if (name.IndexOfAny(Encoding.ASCII.GetBytes(_limits.ReservedCharacters)) >= 0)
            return false;
        return !_limits.TextNamesOnly || (Utf8.IsValid(name) && !name.ContainsAnyInRange((byte)0, (byte)31) && name[^1] is not ((byte)' ' or (byte)'.'));
    }

    private void Refuse(bool refused, string operation, EntryPath path, Errno error = Errno.NotPermitted)
    {
        if (refused)
            throw new FileSystemException(operation, Shown(path), error);
    }

    private string Shown(EntryPath path) => $"{Display}/{path}";

    private static string Fold(ReadOnlySpan<byte> name) =>
        Utf8.IsValid(name) ? Encoding.UTF8.GetString(name).ToUpperInvariant() : "bytes " + Convert.ToHexString(name);
}
