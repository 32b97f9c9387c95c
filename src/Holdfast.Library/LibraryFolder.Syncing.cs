using Holdfast.Core.Model;
using Holdfast.Library.Syncing;

namespace Holdfast.Library;

/// <summary>What a sync does to a library.</summary>
public sealed partial class LibraryFolder
{
    /// <inheritdoc/>
    public Task<(IReadOnlyList<Entry> Entries, EntryPath? Last)> PageAsync(EntryPath? after, CancellationToken cancellationToken) =>
        Task.FromResult(FilesWithUnknown(EntryPath.Root, after));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StepOutcome>> ChangeAsync(IReadOnlyList<SyncStep> steps, CancellationToken cancellationToken)
    {
        // A scan that is on would take what is moved for removed.
        await _scanning.WaitAsync(cancellationToken);
        try
        {
            LibraryPlace.Require(_place, _path);
            return await AloneAsync(() => new LibraryChanges(_place, _incoming, _index, _record, _contents, _time).Do(steps), cancellationToken);
        }
        finally
        {
            _scanning.Release();
        }
    }

    /// <inheritdoc/>
    public Task<string?> MarkAsync(string folder, CancellationToken cancellationToken) => Task.FromResult(SyncMark.Read(_place, folder));

    /// <inheritdoc/>
    public Task SealAsync(string folder, string mark, CancellationToken cancellationToken) => AloneAsync(
        () =>
        {
            if (SyncMark.Read(_place, folder) != mark)
                SyncMark.Write(_place, folder, mark);
            new Trash(_place, _time).RunSucceeded();
            return true;
        },
        cancellationToken);

    /// <summary>A page of all files (as <see cref="Files"/>), also of those that lie on a file system that is not mounted now; they have no content.</summary>
    public (IReadOnlyList<Entry> Entries, EntryPath? Last) FilesWithUnknown(EntryPath under, EntryPath? after) => _now.Page(under, after, search: null, withUnknown: true);

    /// <summary>Waits until what is kept, moved or taken back just now is through.</summary>
    internal Task SettledAsync(CancellationToken cancellationToken) => AloneAsync(() => true, cancellationToken);

    private async Task<T> AloneAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _keeping.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _keeping.Release();
        }
    }
}
