using Holdfast.Core.Targets;

namespace Holdfast.Library.Syncing;

/// <summary>A target that a folder can be kept the same with.</summary>
public interface ISyncTarget : IPlaceTarget
{
    /// <summary>Opens the library and looks what people did to its files.</summary>
    /// <exception cref="Core.Model.HoldfastException">There is none, it is another's, or the deletion brake stopped the look.</exception>
    Task<ISyncedLibrary> OpenToSyncAsync(RunRequest request, SyncOptions options, CancellationToken cancellationToken);
}
