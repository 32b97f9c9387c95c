using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror;

/// <summary>What a place cannot hold, in its marker, so that a reader knows where to look without trying anything out.</summary>
internal static class PlaceLacks
{
    public const string HardLinks = "hard links", Symlinks = "symlinks", Specials = "special files";

    /// <summary>The place as its marker and its file system say together.</summary>
    public static FileSystemTraits Traits(IFolderReader place, PlaceMarker? marker)
    {
        var (traits, lacks) = (place.Traits, marker?.Lacks ?? []);
        return traits with
        {
            HardLinks = traits.HardLinks && !lacks.Contains(HardLinks),
            Symlinks = traits.Symlinks && !lacks.Contains(Symlinks),
            Specials = traits.Specials && !lacks.Contains(Specials),
        };
    }

    /// <summary>
    /// Tries out what is not known of the place's file system, and puts what it lacks into the marker. What lies without hard
    /// links stays so, wherever the place is copied to: the increments hold only what was replaced.
    /// </summary>
    public static PlaceMarker Find(IFolder place, PlaceMarker marker, out FileSystemTraits traits)
    {
        try
        {
            traits = PlaceTrial.Run(place, place.Traits);
        }
        catch (FileSystemException e) when (e.IsNoSpace)
        {
            traits = Traits(place, marker); // A full disk may get room in this very run.
            return marker;
        }
        if (marker.Lacks?.Contains(HardLinks) is true)
            traits = traits with { HardLinks = false };
        var lacks = new List<string>();
        if (!traits.HardLinks)
            lacks.Add(HardLinks);
        if (!traits.Symlinks)
            lacks.Add(Symlinks);
        if (!traits.Specials)
            lacks.Add(Specials);
        if (lacks.SequenceEqual(marker.Lacks ?? [], StringComparer.Ordinal))
            return marker;
        marker = marker with { Lacks = lacks.Count == 0 ? null : lacks };
        marker.Write(place);
        return marker;
    }
}
