using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>
/// A new place is one new folder in a folder that is there. Were its parents made too, a disk that is not mounted would get
/// its files into the folder that it is mounted on.
/// </summary>
public static class PlaceParent
{
    /// <exception cref="HoldfastException">The folder that the place is to lie in is not there.</exception>
    public static void Require(string place)
    {
        if (Path.GetDirectoryName(place) is not { Length: > 0 } parent)
            return;
        try
        {
            LocalFolders.OpenForReading(parent).Dispose();
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.NoPlace, $"the place '{place}' cannot be made: {e.Message}.", $"Is its disk mounted? If '{parent}' is meant to be a new folder, make it first: mkdir -p '{parent}'", e);
        }
    }
}
