using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror;

/// <summary>Whether a folder is the place that is meant (promise 8), by its marker.</summary>
internal static class MirrorPlace
{
    public static void RequireSame(PlaceMarker marker, RunRequest request, string name)
    {
        RequireMirror(marker, name);
        if (request.PlaceId is { } id && id != marker.Id)
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"{name} is the place {marker.Id}, but the job '{request.Job}' belongs to {id}. Is another disk mounted here?",
                "Mount the right disk, or correct 'place:' in the config.");
        if (marker.Client != request.Client)
            throw Other(name, $"client '{marker.Client}' (this is '{request.Client}')", request);
        if (!marker.Sources.Order(StringComparer.Ordinal).SequenceEqual(request.Sources.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            throw Other(name, $"source {string.Join(", ", marker.Sources)} (not {string.Join(", ", request.Sources)})", request);
    }

    public static void RequireMirror(PlaceMarker marker, string name)
    {
        if (marker.Layout != MirrorLayout.Name)
            throw new HoldfastException(ErrorKind.NoPlace, $"{name} is a place with the layout '{marker.Layout}', not a mirror.");
    }

    private static HoldfastException Other(string name, string whose, RunRequest request) => new(
        ErrorKind.NoPlace,
        $"{name} holds the copies of another {whose}.",
        request.IsAdHoc
            ? "Name another folder."
            : $"Another job needs another folder. If this place is to go on with the new source, type: holdfast init {request.Job} --adopt");
}
