using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library;

/// <summary>
/// One collection of files that many clients share: paths → contents. A content is stored once; every name it was uploaded
/// under is recorded. Used by many threads at once.
/// </summary>
public interface ILibrary : IAsyncDisposable
{
    /// <summary>As a target string: <c>library:/srv/photos</c>.</summary>
    string Name { get; }

    /// <summary>The place's id.</summary>
    string Id { get; }

    /// <summary>The step of the place's clock in nanoseconds.</summary>
    long TimeResolution { get; }

    /// <summary>
    /// Whether the library holds each of the contents, in their order. "Held" is only said of a file that was looked at now,
    /// and hashed again where anything about it differs.
    /// </summary>
    Task<IReadOnlyList<Presence>> AskAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken);

    /// <summary>True when a content of that many bytes may be held or may have been deleted for good; never wrong when it says false.</summary>
    bool MayHoldSize(long size);

    /// <summary>
    /// What a client's job uploaded, in path order, from after a path on (null: from the beginning); a page of them, empty at the end.
    /// </summary>
    Task<IReadOnlyList<Entry>> NamesAsync(string client, string job, EntryPath? after, CancellationToken cancellationToken);

    /// <summary>True when the library is behind a network: each question costs a round trip, and the bytes are hashed again where they arrive.</summary>
    bool IsFar => false;

    /// <summary>
    /// Opens a place for the bytes of one file. They have no name until they are kept. A library that is far refuses bytes that do
    /// not have the entry's content id, if it has one (<see cref="Core.Targets.ContentMismatchException"/>).
    /// </summary>
    Task<IStagedContent> ReceiveAsync(Entry entry, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a group of arrivals: barrier, names, record, barrier. When it returns, all of it is durable. Staged contents are
    /// used up, whatever became of them.
    /// </summary>
    /// <returns>What became of each, in their order.</returns>
    Task<IReadOnlyList<Kept>> KeepAsync(IReadOnlyList<Arrival> group, CancellationToken cancellationToken);

    /// <summary>Opens a content for reading; null when the library does not hold it.</summary>
    Task<IFileReader?> OpenAsync(ContentId content, CancellationToken cancellationToken);
}
