using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Repairing;

/// <summary>
/// Gives good contents the names of damaged ones. A copy is complete, durable and read back before it gets a name outside
/// <c>.holdfast/repair</c>, and it gets that by a rename over the damaged one: at every moment a name has the one or the other.
/// </summary>
internal sealed class Replacement(IFolder place, FileSystemTraits traits, Diagnosis diagnosis)
{
    private const int OwnerMayChange = 0xc0;
    private static readonly EntryPath Further = MirrorLayout.Repair.Child("name"u8);

    private readonly MetadataWriter _metadata = new(new Remarks(), MirrorLayout.ModeInMirror);
    private readonly FurtherNames _names = new(traits.HardLinks);
    private readonly HashSet<ulong> _kept = [];
    private readonly HashSet<EntryPath> _touched = [];
    private EntryPath? _rescued;
    private long _last;

    /// <summary>Folders of mirror/ whose time and permissions have to be put right.</summary>
    public IReadOnlySet<EntryPath> Touched => _touched;

    /// <summary>Copies contents into a new file of the place; null when they are others than the record says, or cannot be read.</summary>
    public EntryPath? TryCopy(Func<IFileReader> open, HeldName name)
    {
        FolderTree.EnsureOwn(place, MirrorLayout.Repair, MirrorLayout.FolderMode);
        var path = MirrorLayout.Repair.Child(Encoding.ASCII.GetBytes((++_last).ToString(CultureInfo.InvariantCulture)));
        var entry = name.Held.Entry;
        using (var copy = place.CreateFile(path, MirrorLayout.ModeOfNew(entry)))
        {
            try
            {
                using var original = open();
                if (original.Stat().Size != entry.Size)
                    return null;
                if (!copy.TryClone(original))
                    FileCopy.CopyBytes(original, copy);
            }
            catch (IOException e) when (e is not FileSystemException { Error: Errno.NoSpace or Errno.QuotaExceeded or Errno.ReadOnlyFileSystem })
            {
                return null; // Another may have it.
            }
            // -1: set all permissions, whatever the file was made with.
            _metadata.ApplyToNew(copy, entry, -1);
            copy.Sync();
        }
        using var written = place.OpenFile(path);
        return Diagnosis.HashOf(written) == name.Content ? path : null;
    }

    /// <summary>Makes a damaged name one of a good file of the place.</summary>
    public void Replace(HeldName damaged, EntryPath good)
    {
        Keep(damaged);
        FolderTree.EnsureOwn(place, MirrorLayout.Repair, MirrorLayout.FolderMode);
        FolderTree.Delete(place, Further);
        _names.Add(place, good, place, Further);
        MakeWay(damaged);
        place.Rename(Further, place, damaged.Path, replace: true);
    }

    /// <summary>What people edited, or put in the way of a file, they may want back.</summary>
    private void Keep(HeldName damaged)
    {
        if (place.TryStat(damaged.Path) is not { } stat)
            return;
        if (stat.Type == EntryType.File && (!diagnosis.WasEdited(damaged, stat) || !_kept.Add(stat.Inode)))
            return;
        MakeWay(damaged);
        var kept = damaged.Path.Under(Rescued);
        FolderTree.Ensure(place, kept.Parent, MirrorLayout.FolderMode);
        if (stat.Type == EntryType.Folder)
            place.Rename(damaged.Path, place, kept, replace: false);
        else
            _names.Add(place, damaged.Path, place, kept);
        // Invariant: the second name is durable before the first one goes.
        place.Barrier();
    }

    private EntryPath Rescued => _rescued ??= MirrorRepair.NewRescuedFolder(place);

    private void MakeWay(HeldName damaged)
    {
        var folder = damaged.Path.Parent;
        FolderTree.Ensure(place, folder, MirrorLayout.FolderMode);
        if (damaged.InMirror)
            _touched.Add(damaged.Held.Entry.Path.Parent);
        if (place.Stat(folder) is var stat && (stat.Mode & OwnerMayChange) != OwnerMayChange)
            place.SetMode(folder, stat.Mode | OwnerMayChange);
    }
}
