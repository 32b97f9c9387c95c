namespace Holdfast.Core.Targets;

/// <summary>What a run found out about one path.</summary>
public enum ChangeKind : byte
{
    /// <summary>The target did not have the path.</summary>
    New,

    /// <summary>Other contents, another symlink target or another type; also a copy that was damaged or lost in the place.</summary>
    Changed,

    /// <summary>Same contents, other metadata.</summary>
    Metadata,

    /// <summary>Contents that lay under another path before.</summary>
    Moved,

    /// <summary>Gone from the source, or no longer included.</summary>
    Deleted,

    /// <summary>Nothing a snapshot would show: only hints (ctime, inode) or the place's own copy of the metadata differ.</summary>
    Refreshed,

    /// <summary>Nothing changed; it is the entry's turn to be saved anew (<see cref="ICyclicRun"/>).</summary>
    Again,
}
