using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>A library as a sync needs it: everything in it can be listed and changed, path by path. A folder, or behind a server.</summary>
public interface ISyncedLibrary : ILibrary
{
    /// <summary>
    /// A page of the files in path order, from after a path on; <c>Last</c> is where the next page begins, null at the end. A
    /// file without a content was touched since the last scan: nothing is known of it.
    /// </summary>
    Task<(IReadOnlyList<Entry> Entries, EntryPath? Last)> PageAsync(EntryPath? after, CancellationToken cancellationToken);

    /// <summary>Does steps in their order. When it returns, all that was done is durable. Staged contents are used up.</summary>
    /// <returns>What became of each, in their order.</returns>
    Task<IReadOnlyList<StepOutcome>> ChangeAsync(IReadOnlyList<SyncStep> steps, CancellationToken cancellationToken);

    /// <summary>What the last sync of a client's folder left as its mark; null when there was none.</summary>
    /// <param name="folder">The folder, <see cref="SyncMark.IsName"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<string?> MarkAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Leaves a mark, durably, and counts a good run: what lies long enough in the trash goes.</summary>
    Task SealAsync(string folder, string mark, CancellationToken cancellationToken);

    /// <summary>Opens a file of the record; null when it is not there.</summary>
    Task<IFileReader?> OpenRecordAsync(RecordFile file, CancellationToken cancellationToken);

    /// <summary>Puts another library's file of the record in the place of this one's; null for none.</summary>
    Task ReplaceRecordAsync(RecordFile file, IFileReader? from, CancellationToken cancellationToken);
}

/// <summary>The files of a library's record that say what people did (docs/formats/library.md).</summary>
public enum RecordFile
{
    /// <summary><c>names.jsonl</c>: under which names contents were uploaded.</summary>
    Names,

    /// <summary><c>log.jsonl</c>: what was decided.</summary>
    Log,
}
