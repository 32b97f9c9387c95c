using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>Finding and making the folder of a library (promise 8).</summary>
internal static class LibraryPlace
{
    /// <summary>Opens the folder and reads its marker.</summary>
    /// <exception cref="HoldfastException">There is no library.</exception>
    public static (IFolder Place, PlaceMarker Marker) Open(string path, Func<string, IFolder> open)
    {
        var place = OpenFolder(path, open);
        try
        {
            return (place, Require(place, path));
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>The marker of an open folder.</summary>
    /// <exception cref="HoldfastException">It is no library.</exception>
    public static PlaceMarker Require(IFolderReader place, string path)
    {
        var marker = PlaceMarker.TryRead(place)
            ?? throw new HoldfastException(
                ErrorKind.NoPlace,
                $"'{path}' is there but is no library (no .holdfast/place.json). Is the right disk mounted?",
                "A library is made with 'holdfast init library:DIR', or by the first backup of a job into a new folder.");
        return marker.Layout == LibraryLayout.Name
            ? marker
            : throw new HoldfastException(ErrorKind.NoPlace, $"'{path}' is a place with the layout '{marker.Layout}', not a library.");
    }

    /// <summary>True when there is no folder, or one that holds nothing.</summary>
    public static bool IsAbsentOrEmpty(string path, Func<string, IFolder> open)
    {
        try
        {
            using var folder = open(path);
            return !HoldsForeign(folder) && PlaceMarker.TryRead(folder) is null;
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return true;
        }
    }

    /// <summary>
    /// Makes a folder a library. One that holds files already becomes one only with <paramref name="adopt"/>: they are the
    /// beginning of the collection then.
    /// </summary>
    public static PlaceMarker Init(string path, Func<string, IFolder> open, RunRequest request, bool adopt, bool newId)
    {
        using var place = Create(path, open);
        if (PlaceMarker.TryRead(place) is { } existing)
        {
            Require(place, path);
            if (!newId)
                return existing;
            var changed = existing with { Id = PlaceMarker.NewId() };
            changed.Write(place);
            return changed;
        }
        if (!adopt && HoldsForeign(place))
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"'{path}' is not empty and is no place of Holdfast.",
                "Choose a new folder; if the files in it are to be the beginning of the library, use --adopt.");
        var marker = new PlaceMarker
        {
            Id = request.PlaceId ?? PlaceMarker.NewId(),
            Layout = LibraryLayout.Name,
            Client = request.Client,
            Job = request.Job,
            Sources = request.Sources,
            Created = request.Time,
        };
        marker.Write(place);
        return marker;
    }

    private static IFolder OpenFolder(string path, Func<string, IFolder> open)
    {
        try
        {
            return open(path);
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.NoPlace, $"there is no place at '{path}': {e.Message}.", "Is its disk mounted? A new library is made with 'holdfast init library:DIR'.", e);
        }
    }

    private static IFolder Create(string path, Func<string, IFolder> open)
    {
        PlaceParent.Require(path);
        try
        {
            LocalFolders.Create(path).Dispose();
            return open(path);
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, e.Message + ".", "Choose a folder you may write to.", e);
        }
    }

    private static bool HoldsForeign(IFolder place)
    {
        var listing = place.List();
        for (var i = 0; i < listing.Count; i++)
            if (!LibraryLayout.IsOurs(EntryPath.From(listing[i])))
                return true;
        return false;
    }
}
