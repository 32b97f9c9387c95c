using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Turns an entry's owners into those of this machine: by name when the name exists here, else by number.</summary>
internal sealed class LocalOwners(Remarks remarks)
{
    private const int SetUser = 0x800, SetGroup = 0x400;
    private const string BitsDropped = "the setuid or setgid bits of {0} files were left out, because their owners cannot be set here";

    private readonly Owners _owners = new();

    public Entry Here(Entry entry)
    {
        var user = entry.User is { } name ? _owners.UserId(name) ?? entry.UserId : entry.UserId;
        var group = entry.Group is { } groupName ? _owners.GroupId(groupName) ?? entry.GroupId : entry.GroupId;
        return entry with { UserId = user, GroupId = group, Mode = ModeFor(entry, user, group) };
    }

    /// <summary>A program that runs as its owner must not become one that runs as whoever restored it.</summary>
    private int ModeFor(Entry entry, uint user, uint group)
    {
        if (Owners.MayChangeOwners || entry.Type != EntryType.File)
            return entry.Mode;
        var mode = entry.Mode;
        if (user != Owners.CurrentUserId)
            mode &= ~SetUser;
        if (group != Owners.CurrentGroupId)
            mode &= ~SetGroup;
        if (mode != entry.Mode)
            remarks.Add(BitsDropped);
        return mode;
    }
}
