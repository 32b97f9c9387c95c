using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>Decides, without reading contents, what became of a path since a target saw it last.</summary>
internal sealed class Comparison(Func<EntryPath, FileSystemTraits> traitsOf, bool checksum, Func<Entry, Entry?> withAttributes)
{
    /// <summary>Null when nothing at all is to do. With <paramref name="whole"/> a file is sent whatever differs, hints among it. <paramref name="entry"/> gains its attributes when they had to be read.</summary>
    public (ChangeKind Kind, bool InDoubt)? Compare(ref Entry entry, KnownEntry known, bool whole = false)
    {
        var then = known.Entry;
        var source = traitsOf(entry.Path);
        if (known.Holding is Holding.Lost or Holding.Foreign || entry.Type != then.Type || IsOtherObject(entry, then))
            return (ChangeKind.Changed, false);

        var sameTime = entry.Modified == then.Modified;
        if (entry.Type == EntryType.File && !sameTime && !source.MayBeSameTime(entry.Modified, then.Modified))
            return (ChangeKind.Changed, false);
        if (LinkedOtherwise(entry, then))
            return (ChangeKind.Changed, false);

        var changedSince = source.StableIdentity && then.Identity is { } identity
            ? entry.Identity is not { } now || now.Changed != identity.Changed || now.Inode != identity.Inode || now.Device != identity.Device
            : (bool?)null;

        // An unchanged ctime vouches for the metadata, extended attributes among them; otherwise they are read.
        if (changedSince == false && sameTime)
            entry = ReferenceEquals(entry.Attributes, then.Attributes) ? entry : entry with { Attributes = then.Attributes };
        else
            entry = withAttributes(entry) ?? entry with { Attributes = then.Attributes };

        var sameMetadata = entry.SameMetadata(then);
        var kind = sameMetadata ? ChangeKind.Refreshed : ChangeKind.Metadata;
        var isFile = entry.Type == EntryType.File;
        if (isFile && whole && (!sameTime || changedSince == true || !sameMetadata))
            return (ChangeKind.Changed, false);
        // Nothing vouches for a file whose ctime of then nobody knows any more.
        if (isFile && whole && source.StableIdentity && then.Identity is null)
            return (kind, InDoubt: true);
        // A new mode explains a new ctime, but an edit that kept size and mtime may hide behind it: the contents decide.
        if (isFile && (checksum || !sameTime || changedSince == true))
            return (kind, InDoubt: true);
        if (!sameMetadata)
            return (ChangeKind.Metadata, false);
        // Without a known identity there is a new one to remember.
        if (known.Holding == Holding.OtherMetadata || changedSince == true || (then.Identity is null && source.StableIdentity))
            return (ChangeKind.Refreshed, false);
        return null;
    }

    private static bool IsOtherObject(Entry entry, Entry then) => entry.Type switch
    {
        EntryType.File => entry.Size != then.Size,
        EntryType.Symlink => !entry.LinkTarget.AsSpan().SequenceEqual(then.LinkTarget),
        EntryType.CharDevice or EntryType.BlockDevice => entry.Device != then.Device,
        _ => false,
    };

    /// <summary>
    /// True when the file shares its inode in the target with other paths than in the source. The first path of a group
    /// may keep its inode, whoever left the group; every other path must be made anew.
    /// </summary>
    private static bool LinkedOtherwise(Entry entry, Entry then)
    {
        var wasFirst = then.LinkedWith is null || then.LinkedWith == then.Path;
        var isFirst = entry.LinkedWith is null || entry.LinkedWith == entry.Path;
        return isFirst ? !wasFirst : then.LinkedWith != entry.LinkedWith;
    }
}
