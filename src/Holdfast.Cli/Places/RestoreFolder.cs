using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Places;

/// <summary>A place holds copies, and nothing is restored into it: the next run would take that for somebody's edits.</summary>
internal static class RestoreFolder
{
    /// <exception cref="HoldfastException">The folder is a place or lies in one.</exception>
    public static void RequireOutsidePlaces(string folder)
    {
        for (var above = RealPath(folder); above is not null; above = Path.GetDirectoryName(above))
            if (IsPlace(above))
                throw new HoldfastException(ErrorKind.Usage, $"'{folder}' lies in the place '{above}', whose copies would be altered.", "Restore into another folder.");
    }

    private static bool IsPlace(string path)
    {
        try
        {
            using var folder = LocalFolders.OpenForReading(path);
            return folder.TryStat(PlaceMarker.FilePath) is not null;
        }
        catch (FileSystemException)
        {
            return false; // Not made yet, or not to be read: then the restore itself says so.
        }
    }

    /// <summary>Where the part of the path that is there leads to, symlinks followed.</summary>
    private static string RealPath(string path)
    {
        var rest = "";
        for (var there = path; there is not null; there = Path.GetDirectoryName(there))
        {
            if (Directory.Exists(there))
                return Path.Join(Directory.ResolveLinkTarget(there, returnFinalTarget: true)?.FullName ?? there, rest);
            rest = Path.Join(Path.GetFileName(there), rest);
        }
        return path;
    }
}
