using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>What became of a plan item once its contents were read: what each target is to take note of.</summary>
/// <param name="Item">The item.</param>
/// <param name="Changes">One slot a target, entries complete with content id and attributes.</param>
/// <param name="Failed">True when the path could not be read: every target keeps what it has.</param>
internal sealed record Outcome(PlanItem Item, Change?[] Changes, bool Failed)
{
    /// <summary>Why a target could not hold the bytes, one slot a target; null when all could.</summary>
    public string?[]? NotHeld { get; init; }

    /// <summary>What is still to be done when the item's turn has come, because a target takes its bytes only then; null when all is done.</summary>
    public Func<ContentWork, CancellationToken, ValueTask<Outcome>>? InTurn { get; init; }

    public static Outcome Unreadable(PlanItem item) => new(item, [], Failed: true);

    /// <summary>The path as it was read.</summary>
    public Entry? Entry => Changes.FirstOrDefault(c => c is not null)?.Entry;
}
