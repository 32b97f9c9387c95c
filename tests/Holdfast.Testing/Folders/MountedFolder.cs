using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.Folders;

/// <summary>A folder in which a disk may be mounted, without the right to mount one: its folders have the number of another file system.</summary>
/// <param name="inner">The real one.</param>
/// <param name="at">Its path in the tree.</param>
/// <param name="isMounted">Whether a disk is mounted at a path just now.</param>
public sealed class MountedFolder(IFolder inner, EntryPath at, Func<EntryPath, bool> isMounted) : FolderDecorator(inner)
{
    public override IFolder OpenFolder(EntryPath path) => new MountedFolder(Inner.OpenFolder(path), path.Under(at), isMounted);

    public override FileStat Stat(EntryPath path) => Seen(path, base.Stat(path));

    public override FileStat StatName(ReadOnlySpan<byte> nulTerminatedName) => Seen(EntryPath.From(nulTerminatedName[..^1]), base.StatName(nulTerminatedName));

    public override FileStat? TryStat(EntryPath path) => base.TryStat(path) is { } stat ? Seen(path, stat) : null;

    private FileStat Seen(EntryPath path, in FileStat stat)
    {
        for (var part = path.Under(at); stat.Type == EntryType.Folder && !part.IsRoot; part = part.Parent)
            if (isMounted(part))
                return stat with { Device = stat.Device ^ 1 };
        return stat;
    }
}
