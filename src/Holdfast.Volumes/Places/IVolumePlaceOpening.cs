using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Places;

/// <summary>From a location to the place there.</summary>
internal interface IVolumePlaceOpening
{
    /// <summary>As in a target string.</summary>
    string Location { get; }

    /// <summary>Opens what is there.</summary>
    IVolumePlace Open();

    /// <summary>Opens it, making it where missing.</summary>
    IVolumePlace Create();
}

/// <summary>A folder of this machine.</summary>
internal sealed class DiskPlaceOpening(string path, Func<string, IFolder> open) : IVolumePlaceOpening
{
    public string Location => path;

    public IVolumePlace Open() => new DiskPlace(open(path));

    public IVolumePlace Create()
    {
        try
        {
            LocalFolders.Create(path).Dispose();
            return Open();
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, e.Message + ".", "Choose a folder you may write to.", e);
        }
    }
}
