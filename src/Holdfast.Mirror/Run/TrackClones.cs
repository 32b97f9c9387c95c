using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>
/// Replaces names of files in mirror/ by clones: files with the same contents and metadata that share the blocks until one
/// of the two is written to. Editing a file in mirror/ leaves the history alone then.
/// </summary>
internal sealed class TrackClones(IFolder increment, IFolder track)
{
    private static readonly EntryPath Temporary = EntryPath.From("clone.tmp");

    // What could not be set was said of the file in mirror/.
    private readonly MetadataWriter _metadata = new(new Remarks());

    /// <summary>True once a file with contents was cloned.</summary>
    public bool Any { get; private set; }

    /// <summary>Replaces one; false when the place cannot, and the name stays what it was.</summary>
    public bool TryReplace(EntryPath path, in FileStat stat)
    {
        if (!TryClone(path, stat))
        {
            increment.Remove(Temporary);
            return false;
        }
        increment.Rename(Temporary, track, path, replace: true);
        Any |= stat.Size > 0;
        return true;
    }

    private bool TryClone(EntryPath path, in FileStat stat)
    {
        using var original = track.OpenFile(path);
        var entry = new Entry
        {
            Path = path,
            Type = EntryType.File,
            Size = stat.Size,
            Modified = stat.Modified,
            Mode = stat.Mode,
            UserId = stat.UserId,
            GroupId = stat.GroupId,
            Attributes = original.ReadAttributes(),
        };
        var mode = MirrorLayout.ModeOfNew(entry);
        using var clone = increment.CreateFile(Temporary, mode);
        if (!clone.TryClone(original))
            return false;
        _metadata.ApplyToNew(clone, entry, mode);
        return true;
    }
}
