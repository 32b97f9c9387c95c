using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>
/// Puts an entry's metadata on a file, as far as the place and the user permit. What cannot be set is one remark, not an
/// error: a record or a snapshot keeps it all the same.
/// </summary>
/// <param name="remarks">Where it is noted.</param>
/// <param name="modeOf">The permission bits to set for an entry; its own when null.</param>
public sealed class MetadataWriter(Remarks remarks, Func<Entry, int>? modeOf = null)
{
    private const int OwnerMayWrite = 0x80;
    private const string NoOwner = "the owners of {0} entries could not be set here";
    private const string NoMode = "the permissions of {0} entries could not be set here";
    private const string NoAttribute = "{0} extended attributes could not be set here";
    private const string NoTime = "the times of {0} entries could not be set here";

    /// <summary>For a file that this process has just created with <paramref name="createdMode"/>.</summary>
    public void ApplyToNew(IFileWriter file, Entry entry, int createdMode)
    {
        // An owner is set first: giving a file away clears its setuid bits.
        if (entry.UserId != Owners.CurrentUserId || entry.GroupId != Owners.CurrentGroupId)
        {
            Try(NoOwner, () => file.SetOwner(entry.UserId, entry.GroupId));
            createdMode = -1;
        }
        // Attributes come before the mode: a file that is not writable takes none from an ordinary user.
        foreach (var attribute in entry.Attributes.Items.ToArray())
            Try(NoAttribute, () => file.SetAttribute(attribute));
        if (entry.Attributes.Count > 0 || (createdMode & ~Owners.Umask) != ModeOf(entry))
            Try(NoMode, () => file.SetMode(ModeOf(entry)));
        Try(NoTime, () => file.SetModified(entry.Modified));
    }

    /// <summary>For whatever lies at a path: sets only what differs.</summary>
    public void Apply(IFolder folder, EntryPath path, Entry entry)
    {
        var stat = folder.Stat(path);
        if (stat.UserId != entry.UserId || stat.GroupId != entry.GroupId)
        {
            Try(NoOwner, () => folder.SetOwner(path, entry.UserId, entry.GroupId));
            stat = folder.Stat(path);
        }
        var mode = ApplyAttributes(folder, path, entry, stat.Mode);
        if (entry.Type != EntryType.Symlink && mode != ModeOf(entry))
            Try(NoMode, () => folder.SetMode(path, ModeOf(entry)));
        if (stat.Modified != entry.Modified || entry.Type == EntryType.Folder)
            Try(NoTime, () => folder.SetModified(path, entry.Modified));
    }

    private int ModeOf(Entry entry) => modeOf?.Invoke(entry) ?? entry.Mode;

    /// <summary>Sets what differs; returns the mode the path has then, or -1 when it may have become another.</summary>
    private int ApplyAttributes(IFolder folder, EntryPath path, Entry entry, int mode)
    {
        var has = folder.ReadAttributes(path);
        if (has.Equals(entry.Attributes))
            return mode;
        if (entry.Type != EntryType.Symlink && (mode & OwnerMayWrite) == 0)
            Try(NoMode, () => folder.SetMode(path, mode | OwnerMayWrite));
        foreach (var attribute in has.Items.ToArray())
            if (!entry.Attributes.Items.ToArray().Any(a => a.Name.AsSpan().SequenceEqual(attribute.Name)))
                Try(NoAttribute, () => folder.RemoveAttribute(path, attribute.Name));
        foreach (var attribute in entry.Attributes.Items.ToArray())
            if (!has.Items.ToArray().Any(a => a.Name.AsSpan().SequenceEqual(attribute.Name) && a.Value.AsSpan().SequenceEqual(attribute.Value)))
                Try(NoAttribute, () => folder.SetAttribute(path, attribute));
        return -1; // An ACL is part of the mode.
    }

    private void Try(string remark, Action set)
    {
        try
        {
            set();
        }
        catch (FileSystemException e) when (e.Error is Errno.NotPermitted or Errno.AccessDenied or Errno.NotSupported or Errno.InvalidArgument or Errno.Range or Errno.NotImplemented)
        {
            remarks.Add(remark);
        }
    }
}
