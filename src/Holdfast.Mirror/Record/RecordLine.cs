using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Record;

/// <summary>One line of an increment's record: what happened to one path.</summary>
/// <param name="Kind">Never <see cref="ChangeKind.Refreshed"/>.</param>
/// <param name="Entry">As it was after the run; as it was before, when it is deleted.</param>
/// <param name="From">For a move: where the contents lay before.</param>
internal sealed record RecordLine(ChangeKind Kind, Entry Entry, EntryPath? From)
{
    public EntryPath Path => Entry.Path;

    /// <summary>True when the increment of this line holds the contents.</summary>
    public bool BringsContent => Kind is ChangeKind.New or ChangeKind.Changed or ChangeKind.Moved;
}
