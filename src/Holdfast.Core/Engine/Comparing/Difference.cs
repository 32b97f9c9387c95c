using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Comparing;

/// <summary>One path that differs between two snapshots.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Before">What the first has; null when it is added. Of something moved, under its old path.</param>
/// <param name="After">What the second has; null when it is removed.</param>
public sealed record Difference(DifferenceKind Kind, Entry? Before, Entry? After)
{
    /// <summary>The path as the second has it, or had it last.</summary>
    public EntryPath Path => (After ?? Before)!.Path;
}
