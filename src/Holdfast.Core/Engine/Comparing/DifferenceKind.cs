namespace Holdfast.Core.Engine.Comparing;

/// <summary>How a path differs between two snapshots.</summary>
public enum DifferenceKind : byte
{
    /// <summary>Only the second has it.</summary>
    Added,

    /// <summary>Other contents, another symlink target or another type.</summary>
    Changed,

    /// <summary>Same contents, other metadata.</summary>
    Metadata,

    /// <summary>The contents lay under another path, which the second no longer has.</summary>
    Moved,

    /// <summary>Only the first has it.</summary>
    Removed,
}
