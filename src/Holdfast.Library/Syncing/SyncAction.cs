using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Something that has to be done to one of the sides.</summary>
/// <param name="Side">To which.</param>
/// <param name="Kind">What.</param>
/// <param name="Path">To which path; for a move, where to.</param>
public sealed record SyncAction(SyncSide Side, SyncStepKind Kind, EntryPath Path)
{
    /// <summary>For a move, where from.</summary>
    public EntryPath? From { get; init; }

    /// <summary>What the path (of a move, <see cref="From"/>) holds on that side now; null for nothing.</summary>
    public ContentId? Old { get; init; }

    /// <summary>For a put and a move, what it is to hold.</summary>
    public ContentId? New { get; init; }
}

/// <summary>One of the two.</summary>
public enum SyncSide
{
    /// <summary>The client's folder.</summary>
    Folder,

    /// <summary>The library.</summary>
    Library,
}
