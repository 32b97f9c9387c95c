using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Repairing;

/// <summary>Another place: what its snapshots hold with the same hash.</summary>
/// <param name="place">Open for reading.</param>
public sealed class PlaceDonor(ISnapshots place) : IContentDonor
{
    /// <inheritdoc/>
    public IEnumerable<OfferedContent> Offer(IReadOnlyCollection<WantedContent> wanted, CancellationToken cancellationToken)
    {
        if (place is not ICopies copies)
            yield break;
        foreach (var copy in copies.CopiesOf(wanted.Select(w => w.Content).ToHashSet(), cancellationToken))
            if (copy.Entry.Entry.Content is { } content && copies.Look(copy) is { Problem: null } state)
                yield return new OfferedContent(content, state.Where, () => copies.OpenCopy(copy));
    }
}
