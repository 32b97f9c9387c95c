using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Compares what is there with what is to be restored, and decides by the overwrite mode what becomes of it.</summary>
internal sealed class ExistingEntry(RestoreOptions options)
{
    private readonly HashSet<(ulong Device, ulong Inode)> _keptLinks = [];

    /// <summary>For a path that is to be no folder.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="existing">What is there; null for nothing.</param>
    /// <param name="entry">What it is to be.</param>
    /// <param name="first">The file of its group that came before, which it becomes a further name of; null for none.</param>
    /// <exception cref="HoldfastException">A folder is in the way and has to stay.</exception>
    public (RestoreAction Action, bool InDoubt) Decide(OpenFolder folder, EntryPath name, in FileStat? existing, Entry entry, RestoreItem? first)
    {
        if (existing is not { } there)
            return (RestoreAction.Create, false);
        if (there.Type == EntryType.Folder)
        {
            RequireWayFree(folder, name);
            return (RestoreAction.Replace, false);
        }
        if (first is null || options.Overwrite is Overwrite.Never or Overwrite.Older)
            return Decide(folder, name, there, entry);
        var isLinked = first is { IsWritten: false, InDoubt: false, Existing: { } other } && other.Inode == there.Inode && other.Device == there.Device;
        return (isLinked ? RestoreAction.Nothing : RestoreAction.Replace, false);
    }

    private (RestoreAction Action, bool InDoubt) Decide(OpenFolder folder, EntryPath name, in FileStat there, Entry entry)
    {
        var resolution = folder.Folder!.Traits.TimeResolution;
        switch (options.Overwrite)
        {
            case Overwrite.Never:
                return (IsSame(folder, name, there, entry, resolution) ? RestoreAction.Nothing : RestoreAction.Keep, false);
            case Overwrite.Older:
                if (there.Modified.CompareTo(entry.Modified) < 0 && !there.Modified.EqualsWithin(entry.Modified, resolution))
                    return (RestoreAction.Replace, false);
                return (IsSame(folder, name, there, entry, resolution) ? RestoreAction.Nothing : RestoreAction.Keep, false);
            case Overwrite.Always:
                return (RestoreAction.Replace, false);
        }
        var byContents = options.Checksum && entry is { Type: EntryType.File, Content: not null };
        if (!IsSameObject(folder, name, there, entry)
            || (entry.Type == EntryType.File && !byContents && !there.Modified.EqualsWithin(entry.Modified, resolution)))
            return (RestoreAction.Replace, false);
        var sameMetadata = SameMetadata(folder, name, there, entry, resolution);
        // Another name of the same file, outside the snapshot's group, must not change with it.
        if (there.Links > 1 && entry.Type == EntryType.File && (!sameMetadata || entry.LinkedWith is null || !_keptLinks.Add((there.Device, there.Inode))))
            return (RestoreAction.Replace, false);
        return (sameMetadata ? RestoreAction.Nothing : RestoreAction.SetMetadata, byContents);
    }

    /// <summary>True when metadata that the place keeps is as the entry has it.</summary>
    public static bool SameMetadata(OpenFolder folder, EntryPath name, in FileStat there, Entry entry, long resolution) =>
        there.Modified.EqualsWithin(entry.Modified, resolution)
        && (entry.Type == EntryType.Symlink || there.Mode == entry.Mode)
        && there.UserId == entry.UserId
        && there.GroupId == entry.GroupId
        && folder.Folder!.ReadAttributes(name).Equals(entry.Attributes);

    private void RequireWayFree(OpenFolder folder, EntryPath name)
    {
        if (options.Overwrite is Overwrite.Never or Overwrite.Older)
            throw new HoldfastException(ErrorKind.Failed, "a folder is in the way");
        if (options.Delete)
            return;
        using var inTheWay = folder.Folder!.OpenFolder(name);
        if (inTheWay.List().Count > 0)
            throw new HoldfastException(ErrorKind.Failed, "a folder that is not empty is in the way; with --delete it is removed");
    }

    private static bool IsSame(OpenFolder folder, EntryPath name, in FileStat there, Entry entry, long resolution) =>
        IsSameObject(folder, name, there, entry) && SameMetadata(folder, name, there, entry, resolution);

    private static bool IsSameObject(OpenFolder folder, EntryPath name, in FileStat there, Entry entry)
    {
        if (there.Type != entry.Type)
            return false;
        return entry.Type switch
        {
            EntryType.File => there.Size == entry.Size,
            EntryType.Symlink => folder.Folder!.ReadSymlink(name).AsSpan().SequenceEqual(entry.LinkTarget),
            EntryType.CharDevice or EntryType.BlockDevice => there.Special == entry.Device,
            _ => true,
        };
    }
}
