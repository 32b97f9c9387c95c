using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Places;

/// <summary>
/// A new place is one new folder in a folder that is there. Were its parents made too, a disk that is not mounted would be
/// replaced by a folder of the same name on the system's own disk.
/// </summary>
internal static class PlaceParent
{
    /// <exception cref="HoldfastException">The folder that is to hold the place is not there.</exception>
    public static void Require(TargetAddress address)
    {
        if (address.LocalPath is not { } path || Path.GetDirectoryName(path) is not { } parent)
            return;
        try
        {
            LocalFolders.OpenForReading(parent).Dispose();
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.NoPlace, $"the place '{path}' cannot be made: {e.Message}.", $"Is its disk mounted? If '{parent}' is meant to be a new folder, make it first: mkdir -p '{parent}'", e);
        }
    }
}
