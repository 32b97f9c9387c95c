using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>
/// One run against one target. The engine calls <see cref="Previous"/> once, then <see cref="Receive"/> from several
/// threads at once, and <see cref="PutAsync"/> and <see cref="RemoveAsync"/> from one thread in path order, each path
/// after its contents were received; then <see cref="CommitAsync"/>. Disposed without a commit, nothing happened.
/// </summary>
public interface IBackupRun : IAsyncDisposable
{
    /// <summary>True when the target has no snapshot yet.</summary>
    bool IsFirst { get; }

    /// <summary>The step of the place's clock in nanoseconds.</summary>
    long TimeResolution { get; }

    /// <summary>Everything the target has, in path order, read as it is asked for.</summary>
    /// <exception cref="Model.HoldfastException">The place cannot be listed completely.</exception>
    IEnumerable<KnownEntry> Previous(CancellationToken cancellationToken);

    /// <summary>True when an interrupted run left something to take over.</summary>
    bool MayReuse { get; }

    /// <summary>
    /// The content id of a file whose bytes the target has already from an interrupted run, copied from the very same state
    /// of the source's file, and has put in place now, or that it holds under another name; null when they must be sent. From several threads.
    /// </summary>
    ContentId? TryReuse(Change change);

    /// <summary>
    /// True when the target never removes or replaces what it was given, so that a source may be emptied: what is gone from
    /// it is no change, and the deletion brake has nothing to stop.
    /// </summary>
    bool OnlyAdds => false;

    /// <summary>
    /// True when the target may hold these bytes under whatever name, so that the file is hashed before it is sent;
    /// <see cref="TryReuse"/> is then asked with the content id. From several threads.
    /// </summary>
    bool MayHoldContent(Change change) => false;

    /// <summary>
    /// True when whoever takes the bytes hashes them and refuses those that are not the content of the entry given to
    /// <see cref="Receive"/> (<see cref="ContentMismatchException"/>): a file that was hashed before need not be hashed while it is sent.
    /// </summary>
    bool ChecksContent => false;

    /// <summary>True when asking costs a round trip, so that it is worth hashing several files first and calling <see cref="Expect"/>.</summary>
    bool AsksFarAway => false;

    /// <summary><see cref="TryReuse"/> is going to be asked about these contents next, by one worker. From several threads.</summary>
    void Expect(IReadOnlyList<ContentId> contents)
    {
    }

    /// <summary>
    /// A worker is through with a path, for better or worse: another one that waits in <see cref="TryReuse"/> for its bytes goes on.
    /// </summary>
    void Release(Change change)
    {
    }

    /// <summary>Opens a sink for the bytes of one path.</summary>
    /// <exception cref="NotHeldException">The place cannot hold this path; the sink may say so later too.</exception>
    IContentSink Receive(Change change);

    /// <summary>Drops the bytes of a path that were received completely: it will not be put.</summary>
    void Discard(Change change);

    /// <summary>Takes note of a new or changed path. The entry carries its content id when it is a file.</summary>
    /// <exception cref="NotHeldException">The place cannot hold this path.</exception>
    ValueTask PutAsync(Change change, CancellationToken cancellationToken);

    /// <summary>Takes note that a path is gone.</summary>
    ValueTask RemoveAsync(Change change, CancellationToken cancellationToken);

    /// <summary>Barrier, renames, barrier, commit (promise 3). Returns what was added; a run without changes adds nothing.</summary>
    Task<CommitResult> CommitAsync(CancellationToken cancellationToken);

    /// <summary>Things the report should name once: what the place cannot hold, what was found damaged.</summary>
    IReadOnlyCollection<string> Remarks { get; }
}
