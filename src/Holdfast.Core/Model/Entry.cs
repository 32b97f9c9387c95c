namespace Holdfast.Core.Model;

/// <summary>One path of a source with its metadata. Paths are relative to the source.</summary>
public sealed record Entry
{
    /// <summary>The path, relative to the source.</summary>
    public required EntryPath Path { get; init; }

    /// <summary>What it is.</summary>
    public required EntryType Type { get; init; }

    /// <summary>Bytes of a file; 0 for everything else.</summary>
    public long Size { get; init; }

    /// <summary>mtime.</summary>
    public Timestamp Modified { get; init; }

    /// <summary>The twelve permission bits (07777).</summary>
    public int Mode { get; init; }

    /// <summary>Numeric owner.</summary>
    public uint UserId { get; init; }

    /// <summary>Numeric group.</summary>
    public uint GroupId { get; init; }

    /// <summary>The owner's name on the client, when it has one.</summary>
    public string? User { get; init; }

    /// <summary>The group's name on the client, when it has one.</summary>
    public string? Group { get; init; }

    /// <summary>Where a symlink points; null for everything else.</summary>
    public byte[]? LinkTarget { get; init; }

    /// <summary>Number of a device file; null for everything else.</summary>
    public DeviceNumber? Device { get; init; }

    /// <summary>Extended attributes, POSIX ACLs among them.</summary>
    public ExtendedAttributes Attributes { get; init; } = ExtendedAttributes.None;

    /// <summary>
    /// The first path, in path order, of the hard-linked names this one belongs to; its own path when it is that first one.
    /// Null when it is linked with no other.
    /// </summary>
    public EntryPath? LinkedWith { get; init; }

    /// <summary>True for a folder on another file system than the folder that holds it.</summary>
    public bool IsMountPoint { get; init; }

    /// <summary>Name of the bytes; null until they were read, and for everything but files.</summary>
    public ContentId? Content { get; init; }

    /// <summary>True when older snapshots list it too; false when only the newest does.</summary>
    public bool Tracked { get; init; } = true;

    /// <summary>What the source's file system says of the file beyond its contents; a hint, never written into a record.</summary>
    public FileIdentity? Identity { get; init; }

    /// <summary>True when the file takes less space than its size, so that it has holes.</summary>
    public bool IsSparse { get; init; }

    /// <summary>True when type, bytes and symlink target are equal, whatever the path and the metadata.</summary>
    public bool SameContents(Entry other) =>
        Type == other.Type
        && Size == other.Size
        && Content == other.Content
        && LinkTarget is null == other.LinkTarget is null
        && LinkTarget.AsSpan().SequenceEqual(other.LinkTarget);

    /// <summary>True when every kept attribute but the contents and the hints is equal.</summary>
    public bool SameMetadata(Entry other) =>
        Type == other.Type
        && Mode == other.Mode
        && UserId == other.UserId
        && GroupId == other.GroupId
        && Modified == other.Modified
        && Tracked == other.Tracked
        && IsMountPoint == other.IsMountPoint
        && Device == other.Device
        && Attributes.Equals(other.Attributes);
}
