using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>Adds up what a target was told.</summary>
internal sealed class CountingRun(IBackupRun inner, PlanTally tally) : IBackupRun
{
    /// <summary>The target's own run.</summary>
    public IBackupRun Inner => inner;

    public bool IsFirst => inner.IsFirst;

    public long TimeResolution => inner.TimeResolution;

    public IReadOnlyCollection<string> Remarks => inner.Remarks;

    public IEnumerable<KnownEntry> Previous(CancellationToken cancellationToken) => inner.Previous(cancellationToken);

    public bool MayReuse => inner.MayReuse;

    public bool OnlyAdds => inner.OnlyAdds;

    public bool MayHoldContent(Change change) => inner.MayHoldContent(change);

    public bool ChecksContent => inner.ChecksContent;

    public bool AsksFarAway => inner.AsksFarAway;

    public void Expect(IReadOnlyList<ContentId> contents) => inner.Expect(contents);

    public ContentId? TryReuse(Change change) => inner.TryReuse(change);

    public IContentSink Receive(Change change) => inner.Receive(change);

    public void Release(Change change) => inner.Release(change);

    public void Discard(Change change) => inner.Discard(change);

    public async ValueTask PutAsync(Change change, CancellationToken cancellationToken)
    {
        await inner.PutAsync(change, cancellationToken);
        tally.Do(change, addsBytes: !(inner.OnlyAdds && change.IsReused));
    }

    public ValueTask RemoveAsync(Change change, CancellationToken cancellationToken)
    {
        tally.Do(change);
        return inner.RemoveAsync(change, cancellationToken);
    }

    public Task<CommitResult> CommitAsync(CancellationToken cancellationToken) => inner.CommitAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
