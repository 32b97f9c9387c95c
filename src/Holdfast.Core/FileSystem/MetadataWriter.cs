using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>
/// Puts an entry's metadata on a file, as far as the place and the user permit. What cannot be set is one remark, not an
/// error: a record or a snapshot keeps it all the same.
/// </summary>
public sealed class MetadataWriter(Remarks remarks)
{
    private const string NoOwner = "the owners of {0} entries could not be set here";
    private const string NoMode = "the permissions of {0} entries could not be set here";
    private const string NoAttribute = "{0} extended attributes could not be set here";
    private const string NoTime = "the times of {0} entries could not be set here";

    /// <summary>For a file that this process has just created.</summary>
    public void ApplyToNew(IFileWriter file, Entry entry)
    {
        // An owner is set first: giving a file away clears its setuid bits.
        if (entry.UserId != Owners.CurrentUserId || entry.GroupId != Owners.CurrentGroupId)
            Try(NoOwner, () => file.SetOwner(entry.UserId, entry.GroupId));
        Try(NoMode, () => file.SetMode(entry.Mode));
        foreach (var attribute in entry.Attributes.Items.ToArray())
            Try(NoAttribute, () => file.SetAttribute(attribute));
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
        if (entry.Type != EntryType.Symlink && stat.Mode != entry.Mode)
            Try(NoMode, () => folder.SetMode(path, entry.Mode));
        ApplyAttributes(folder, path, entry);
        if (stat.Modified != entry.Modified || entry.Type == EntryType.Folder)
            Try(NoTime, () => folder.SetModified(path, entry.Modified));
    }

    private void ApplyAttributes(IFolder folder, EntryPath path, Entry entry)
    {
        var has = folder.ReadAttributes(path);
        if (has.Equals(entry.Attributes))
            return;
        foreach (var attribute in has.Items.ToArray())
            if (!entry.Attributes.Items.ToArray().Any(a => a.Name.AsSpan().SequenceEqual(attribute.Name)))
                Try(NoAttribute, () => folder.RemoveAttribute(path, attribute.Name));
        foreach (var attribute in entry.Attributes.Items.ToArray())
            if (!has.Items.ToArray().Any(a => a.Name.AsSpan().SequenceEqual(attribute.Name) && a.Value.AsSpan().SequenceEqual(attribute.Value)))
                Try(NoAttribute, () => folder.SetAttribute(path, attribute));
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
