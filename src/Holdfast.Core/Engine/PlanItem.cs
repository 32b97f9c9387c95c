using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>What a run is going to do about one path, for every target.</summary>
/// <param name="Source">The path in the source, or null when it is gone.</param>
/// <param name="Changes">One slot a target; null where the target needs nothing.</param>
/// <param name="InDoubt">
/// True when only hints differ, so that the contents decide: they are read and hashed, and where the hash is the known one
/// the change stays what it is, otherwise it becomes <see cref="ChangeKind.Changed"/>.
/// </param>
public sealed record PlanItem(Entry? Source, Change?[] Changes, bool InDoubt)
{
    /// <summary>The path.</summary>
    public EntryPath Path => Source?.Path ?? Changes.First(c => c is not null)!.Path;
}
