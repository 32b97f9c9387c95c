using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Stores;
using Holdfast.Stores.Opening;

namespace Holdfast.Volumes.Places;

/// <summary>A bucket.</summary>
/// <param name="opening">Which, and how it is reached.</param>
/// <param name="stateFolder">Where volumes are staged and locks are remembered.</param>
/// <param name="time">Whose time locks are watched by.</param>
/// <param name="interruption">Ends what waits for the store.</param>
internal sealed class StorePlaceOpening(StoreOpening opening, string stateFolder, TimeProvider time, CancellationToken interruption) : IVolumePlaceOpening
{
    public string Location => opening.Location;

    public IVolumePlace Open() => Of(() => opening.OpenAsync(interruption));

    public IVolumePlace Create() => Of(() => opening.CreateAsync(interruption));

    private StorePlace Of(Func<Task<IStore>> open)
    {
        IFolder local;
        try
        {
            local = LocalFolders.Create(StorePlace.LocalFolderOf(Location, stateFolder));
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, e.Message + ".", "Volumes are staged in the state folder before they are put; name another one with --state.", e);
        }
        try
        {
            return new StorePlace(Task.Run(open).GetAwaiter().GetResult(), local, time, interruption);
        }
        catch
        {
            local.Dispose();
            throw;
        }
    }
}
