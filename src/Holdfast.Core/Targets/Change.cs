using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>One step of a plan: what becomes of one path in one target.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Entry">The path as it is in the source now; as it was, when it is gone.</param>
/// <param name="Known">What the target had under this path.</param>
public sealed record Change(ChangeKind Kind, Entry Entry, KnownEntry? Known)
{
    /// <summary>For <see cref="ChangeKind.Moved"/>: where the target still has the contents.</summary>
    public EntryPath? MovedFrom { get; init; }

    /// <summary>True when the target has the bytes already, from an interrupted run.</summary>
    public bool IsReused { get; init; }

    /// <summary>The path.</summary>
    public EntryPath Path => Entry.Path;

    /// <summary>True when it brings bytes that the target did not have in its newest snapshot.</summary>
    public bool BringsBytes => Kind is ChangeKind.New or ChangeKind.Changed or ChangeKind.Again && Entry.Type == EntryType.File && !IsFurtherName;

    /// <summary>True when the target needs to be sent the bytes.</summary>
    public bool NeedsContent => BringsBytes && !IsReused;

    /// <summary>True for a hard link to a path that comes earlier.</summary>
    public bool IsFurtherName => Entry.LinkedWith is { } first && first != Entry.Path;
}
