using Holdfast.Core.Model;
using Holdfast.Library.Sorting;

namespace Holdfast.Library;

/// <summary>Moving and removing what lies in it.</summary>
public sealed partial class LibraryFolder
{
    /// <summary>Moves a file, or a folder with everything in it, durably. Waits for a scan that is on, which would take it for removed.</summary>
    /// <exception cref="HoldfastException">One of the paths can be none of a file of the collection.</exception>
    public Task<Sorted> MoveAsync(EntryPath from, EntryPath to, CancellationToken cancellationToken) => SortAsync(sorting => sorting.Move(from, to), cancellationToken);

    /// <summary>Removes a file, or an empty folder, durably. Waits for a scan that is on.</summary>
    /// <param name="path">Which.</param>
    /// <param name="expected">What the file must hold; null for whatever it holds.</param>
    /// <param name="forGood">Whether its contents are unwanted from now on; null for what the library does with what people remove.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HoldfastException">The path can be none of a file of the collection.</exception>
    public Task<Sorted> RemoveAsync(EntryPath path, ContentId? expected, bool? forGood, CancellationToken cancellationToken) =>
        SortAsync(sorting => sorting.Remove(path, expected, forGood ?? RemembersDeleted), cancellationToken);

    /// <summary>Gives names that a client brought, one or all of a folder, others; files that came with them just now follow.</summary>
    /// <param name="names">Whose names.</param>
    /// <param name="from">Which.</param>
    /// <param name="to">The new one; a name that is there is replaced, the file that came with it stays.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False when there is no such name.</returns>
    public Task<bool> RenameAsync(ClientNames names, EntryPath from, EntryPath to, CancellationToken cancellationToken) =>
        SortAsync(sorting => new NameSorting(_place, _index, _record, _contents, sorting, _time).Rename(names, from, to), cancellationToken);

    /// <summary>Takes names back that a client brought, one or all of a folder; files that came with them just now go, unless somebody may rely on them.</summary>
    /// <returns>False when there is no such name.</returns>
    public Task<bool> TakeBackAsync(ClientNames names, EntryPath at, CancellationToken cancellationToken) =>
        SortAsync(sorting => new NameSorting(_place, _index, _record, _contents, sorting, _time).TakeBack(names, at), cancellationToken);

    private async Task<T> SortAsync<T>(Func<LibrarySorting, T> work, CancellationToken cancellationToken)
    {
        await _scanning.WaitAsync(cancellationToken);
        try
        {
            LibraryPlace.Require(_place, _path);
            await _keeping.WaitAsync(cancellationToken);
            try
            {
                return work(new LibrarySorting(_place, _index, _record, _contents, _time));
            }
            finally
            {
                _keeping.Release();
            }
        }
        finally
        {
            _scanning.Release();
        }
    }
}
