using Holdfast.Core.FileSystem;
using Holdfast.Stores;
using Holdfast.Stores.Decorators;
using Holdfast.Stores.Disk;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Tests.Scenes;

/// <summary>The place of a scene as a store that has bad days.</summary>
internal sealed class FaultyOpening(Scene scene, Func<StoreCall, StoreFault> plan) : IVolumePlaceOpening
{
    public string Location => scene.Place;

    public IVolumePlace Open() =>
        Directory.Exists(scene.Place)
            ? new StorePlace(new FaultyStore(DiskStore.Open(scene.Place), plan, TimeProvider.System), LocalFolders.Create(scene["local"]), TimeProvider.System, scene.Options.Interruption)
            : throw new StoreException(StoreErrorKind.NoStore, "no store", null);

    public IVolumePlace Create()
    {
        DiskStore.Create(scene.Place).DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Open();
    }
}
