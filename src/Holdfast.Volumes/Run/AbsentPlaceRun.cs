using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Volumes.Run;

/// <summary>The dry run against a place that is not there yet: everything would be new.</summary>
internal sealed class AbsentPlaceRun : IBackupRun
{
    public bool IsFirst => true;

    public long TimeResolution => 1;

    public IReadOnlyCollection<string> Remarks => [];

    public IEnumerable<KnownEntry> Previous(CancellationToken cancellationToken) => [];

    public bool MayReuse => false;

    public ContentId? TryReuse(Change change) => null;

    public IContentSink Receive(Change change) => throw new InvalidOperationException("A dry run writes nothing.");

    public void Discard(Change change)
    {
    }

    public ValueTask PutAsync(Change change, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask RemoveAsync(Change change, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public Task<CommitResult> CommitAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("A dry run writes nothing.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
