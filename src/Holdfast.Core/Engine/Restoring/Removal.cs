using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// Removes what the snapshot does not have, with all below it. Excluded paths stay, and the folders that hold them; so does
/// whatever another file system is mounted at. Symlinks are removed, never followed.
/// </summary>
internal sealed class Removal(Selection selection, RestoreCounters counters, RestoreOptions options)
{
    private const int OwnerAll = 0x1c0;

    /// <summary>True when nothing is left of it.</summary>
    /// <param name="folder">The folder that holds it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="path">Its path, as messages and rules know it.</param>
    /// <param name="device">The file system that must not be left.</param>
    public bool Remove(IFolder folder, EntryPath name, EntryPath path, ulong device)
    {
        if (folder.TryStat(name) is not { } stat)
            return true;
        if (selection.IsExcluded(path, stat.Type == EntryType.Folder))
            return false;
        if (stat.Type != EntryType.Folder)
        {
            counters.Present++;
            counters.Count(RestoreAction.Remove);
            if (options.DryRun)
                options.OnPlanned?.Invoke(path, RestoreAction.Remove);
            else
                folder.Remove(name);
            return true;
        }
        if (stat.Device != device)
        {
            counters.Fail(path, "another file system is mounted here; it was not removed");
            return false;
        }
        if (!RemoveContents(folder, name, path, stat, device))
            return false;
        if (options.DryRun)
            options.OnPlanned?.Invoke(path, RestoreAction.Remove);
        else
            folder.RemoveFolder(name);
        return true;
    }

    private bool RemoveContents(IFolder folder, EntryPath name, EntryPath path, in FileStat stat, ulong device)
    {
        if (!options.DryRun && !Owners.MayChangeOwners && (stat.Mode & OwnerAll) != OwnerAll)
            folder.SetMode(name, stat.Mode | OwnerAll);
        using var below = folder.OpenFolder(name);
        var listing = below.List();
        var all = true;
        for (var i = 0; i < listing.Count; i++)
            all &= Remove(below, EntryPath.Root.Child(listing[i]), path.Child(listing[i]), device);
        return all;
    }
}
